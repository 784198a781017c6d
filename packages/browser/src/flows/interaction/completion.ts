import { AuthError, STEP, traced } from '@carnet/core'
import {
  type Http,
  isAuthenticationExpired,
  type MetadataSource,
  type VerifyIdToken,
} from '@carnet/core/network'
import type { AuthenticationResult } from '../../api/result.ts'
import type { Context } from '../../context/context.ts'
import type { Page } from '../../platform/page.ts'
import type { CompletionHow, Flow, Outcome } from '../authorization/authorization-request.ts'
import { completeAuthorization } from '../authorization/authorization-response.ts'
import { KINDS } from '../authorization/kinds.ts'
import type { RefusedScopes } from '../authorization/refused-scopes.ts'
import { secondAttempt } from '../authorization/second-attempt.ts'
import type { EntryOf, Transaction, Transactions } from '../authorization/transactions.ts'
import { type IframeSupport, isSameHost } from '../iframe/iframe-support.ts'
import type { SilentIframe } from '../iframe/silent-iframe.ts'
import { mayLeave } from '../redirect/may-leave.ts'
import { errorOf, navigateAway, noteOf } from '../redirect/redirect.ts'
import type { LoopBreaker } from '../redirect/redirect-loop.ts'
import { assertUsable } from '../response/unusable-response.ts'
import { retrace } from './retrace.ts'
import { createSendAgain } from './send-again.ts'
import type { Unfinished } from './unfinished.ts'

export interface CompletionDeps {
  readonly metadataOf: MetadataSource
  readonly http: Http
  readonly verifyIdToken: VerifyIdToken | undefined
  readonly transactions: Transactions
  readonly unfinished: Unfinished
  readonly refused: RefusedScopes
  readonly memory: IframeSupport
  readonly loops: LoopBreaker
  /** Sends a request in a hidden iframe, and waits for its response. */
  readonly answerInFrame: SilentIframe['answer']
}

const WITHOUT_REDIRECT = { leave: () => undefined, trail: '' }

/** Completes authorization requests: with a result, an error, or a second attempt. */
export function createCompletion(
  context: Context,
  deps: CompletionDeps,
): Pick<Flow, 'complete' | 'outcome' | 'withoutWindow'> {
  const { config, page, platform, store } = context
  const { metadataOf, http, verifyIdToken, transactions, refused, memory, loops } = deps
  const resend = createSendAgain(context, deps, (response, held) => outcome(response, { held }))

  const outcome = (response: URLSearchParams, how: CompletionHow = {}): Promise<Outcome> =>
    deps.unfinished.during(response, how.held, (entryOf) => outcomeOf(response, how, entryOf))

  async function outcomeOf(
    response: URLSearchParams,
    { held, read, keepsAddress }: CompletionHow,
    entryOf: EntryOf | undefined,
  ): Promise<Outcome> {
    // The authority of the transaction is almost always the default: read its metadata meanwhile.
    metadataOf(config.authority).catch(() => undefined)
    const state = response.get('state') ?? ''
    const taking = transactions.take(state, platform.now(), held, entryOf)
    const transaction = await taking.catch((error) => {
      // Without IndexedDB, a response without `state` does not lead to its transaction.
      assertUsable(response)
      throw error
    })
    if (!held && !keepsAddress && !transaction.staysAtRedirectUri)
      restoreAddress(transaction.returnTo, page)
    await read
    const ending = () => endOf(response, transaction, held)
    return held ? ending() : traceRedirect(transaction, ending, context)
  }

  async function endOf(
    response: URLSearchParams,
    transaction: Transaction,
    held: Transaction | undefined,
  ): Promise<Outcome> {
    try {
      assertUsable(response)
      const how = { metadataOf, http, verifyIdToken }
      const result = await completeAuthorization(response, transaction, context, how)
      // Only the next silent request needs this: do not wait for it.
      if (!KINDS[transaction.kind].isSilent && !isSameHost(transaction.authority, page.origin))
        memory.note(transaction.authority, 'expected').catch(() => undefined)
      await noteRefused(transaction)
      return { result }
    } catch (failure) {
      const attempt = secondAttempt(failure, transaction)
      if (!(failure instanceof AuthError)) throw failure
      failure.state ??= transaction.appState
      if (!attempt) throw namedFailure(failure, transaction)
      platform.log('info', `The sign-in is sent once more: ${failure.message}`)
      const result = held ? undefined : await resend.silently(transaction, attempt)
      if (result) return { result }
      // Without a waiting page, the second attempt is another redirect.
      const kind = held ? transaction.kind : 'redirect'
      try {
        // Count this redirect too, so that a loop of the app ends.
        const { leave, trail } = held ? WITHOUT_REDIRECT : loops.admit()
        const started = await resend.start({ ...transaction, kind }, attempt, trail)
        return { again: started, failure, leave }
      } catch {
        throw failure
      }
    }
  }

  async function noteRefused({ authority, refusedScopes = [] }: Transaction): Promise<void> {
    if (refusedScopes.length === 0) return
    const noting = metadataOf(authority).then((of) => refused.note(authority, refusedScopes, of))
    await noting.catch(() => undefined)
  }

  return {
    outcome,

    async complete(response, how): Promise<AuthenticationResult> {
      const settled = await outcome(response, how)
      if (!settled.again) return settled.result
      const { again, leave } = settled
      const { state } = again.transaction
      if (!(await mayLeave(config.interaction, again.url, 'signIn'))) throw settled.failure
      leave()
      const stay = await navigateAway({ url: again.url }, page, noteOf(state, store)).stayed
      if (stay.why !== 'stillShown') await transactions.forget(state).catch(() => undefined)
      throw errorOf(stay)
    },

    async withoutWindow({ again: { transaction }, failure }) {
      const result = await resend.silently(transaction, { reason: 'scopes', without: [] })
      await transactions.forget(transaction.state)
      if (result) return { result }
      await noteRefused(transaction)
      throw failure
    },
  }
}

/** Names the failure `authentication_expired` if the sign-in page expired twice: the provider has not failed. */
function namedFailure(failure: AuthError, { kind }: Transaction): AuthError {
  const { message, oauth, correlationId, state, status } = failure
  if (KINDS[kind].isSilent || !oauth || !isAuthenticationExpired(oauth)) return failure
  const details = { oauth, correlationId, cause: failure }
  return Object.assign(new AuthError('authentication_expired', message, details), { state, status })
}

/** Shows the address of the page that started the sign-in. */
export function restoreAddress(returnTo: string, page: Page): void {
  // `returnTo` was checked when it was stored, but the store may have been changed since.
  if (!URL.canParse(returnTo) || new URL(returnTo).origin !== page.origin)
    throw new AuthError('transaction_not_found', 'The sign-in began on another origin.')
  page.replaceUrl(returnTo)
}

/** The trace of a redirect is one step, from the start of the request to the result in this page. */
async function traceRedirect(
  { startedAtMs }: Transaction,
  ending: () => Promise<Outcome>,
  { platform, trace }: Context,
): Promise<Outcome> {
  const awayMs = Math.max(0, platform.now() - startedAtMs)
  const call = trace.begin()
  const sinceStart = { ...call, now: () => call.now() - awayMs }
  const settled = await traced(sinceStart, STEP.interaction, ending)
  return settled.again ? settled : { result: retrace(settled.result, call.steps) }
}
