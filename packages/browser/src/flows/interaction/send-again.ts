import { difference, resourceScopes } from '@carnet/core'
import { createAuthorizationSecrets } from '@carnet/core/network'
import type { AuthenticationResult } from '../../api/result.ts'
import type { Context } from '../../context/context.ts'
import {
  type Outcome,
  type StartedAuthorization,
  sendOff,
} from '../authorization/authorization-request.ts'
import type { SecondAttempt } from '../authorization/second-attempt.ts'
import { createState } from '../authorization/state.ts'
import type { Transaction } from '../authorization/transactions.ts'
import { isSameHost } from '../iframe/iframe-support.ts'
import type { CompletionDeps } from './completion.ts'

/** The longest wait for a hidden iframe while the user sees nothing. */
const LONGEST_SILENCE_MS = 3000

/** Completes a response whose transaction the page holds. */
type Complete = (response: URLSearchParams, held: Transaction) => Promise<Outcome>

/** Sends an authorization request once more. */
export interface SendAgain {
  /** Makes the second attempt in a hidden iframe, if it is likely to get a response soon. Never rejects. */
  silently(before: Transaction, attempt: SecondAttempt): Promise<AuthenticationResult | undefined>
  /** Stores the transaction of a second attempt. */
  start(before: Transaction, attempt: SecondAttempt, trail?: string): Promise<StartedAuthorization>
}

/** Creates the second attempts of authorization requests. */
export function createSendAgain(
  context: Context,
  { metadataOf, transactions, memory, answerInFrame }: CompletionDeps,
  complete: Complete,
): SendAgain {
  const { config, page, platform } = context

  /**
   * Makes the second attempt in a hidden iframe, without another page for the user, because the provider may have a session by
   * now. Only if the iframe is likely to get a response soon, and the request needs no action of the user.
   */
  async function silently(
    before: Transaction,
    attempt: SecondAttempt,
  ): Promise<AuthenticationResult | undefined> {
    const { authority, kind, maxAgeMs, parameters } = before
    const hasAnswer =
      isSameHost(authority, page.origin) || (await memory.recall(authority)) === 'works'
    const isAsked = parameters?.prompt !== undefined || maxAgeMs !== undefined
    if (!config.silent.iframe || !hasAnswer || isAsked || page.frameName() !== undefined)
      return undefined
    let state: string | undefined
    try {
      const asked = { ...parameters, prompt: 'none' }
      const silent: Transaction = { ...before, kind: 'iframe', parameters: asked }
      const { url, transaction } = await start(silent, attempt)
      state = transaction.state
      const timeoutMs = Math.min(config.silent.timeoutMs, LONGEST_SILENCE_MS)
      const { signal } = new AbortController()
      const response = await answerInFrame({ ...transaction, url }, timeoutMs, signal)
      if (!response.has('code')) throw new Error('The hidden iframe got no code.')
      // The user started this sign-in, so it counts as interactive.
      return (await complete(response, { ...transaction, kind })).result
    } catch {
      if (state !== undefined) await transactions.forget(state).catch(() => undefined)
      return undefined
    }
  }

  async function start(
    before: Transaction,
    { reason, without }: SecondAttempt,
    trail = '',
  ): Promise<StartedAuthorization> {
    const { kind, attempts = [], refusedScopes = [], repeats } = before
    const left = (scopes: readonly string[]) => difference(scopes, without)
    const transaction: Transaction = {
      ...before,
      ...createAuthorizationSecrets(),
      ...(before.hasOwnNonce && { nonce: before.nonce }),
      state: createState(config.mark, kind, platform.randomId() + trail),
      scopes: left(before.scopes),
      tokenScopes: left(before.tokenScopes),
      added: left(before.added ?? []),
      repeats: repeats && { ...repeats, scopes: left(repeats.scopes) },
      attempts: [...attempts, reason],
      // A scope of an earlier grant is removed with the grant.
      refusedScopes: [...refusedScopes, ...difference(without, resourceScopes(without))],
      startedAtMs: platform.now(),
    }
    const metadata = await metadataOf(before.authority)
    return sendOff(transaction, metadata, context, transactions)
  }

  return { silently, start }
}
