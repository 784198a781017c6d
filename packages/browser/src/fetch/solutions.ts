import { InteractionRequiredError, isInteractionRequired } from '@carnet/core/base'
import type { ApiChallenge } from '@carnet/core/resources'
import type { ChallengeKind } from '../api/resource-calls.ts'
import type { AuthenticationResult } from '../api/result.ts'
import type { Parts } from '../engine/open-parts.ts'
import { loaded } from '../startup/page/loaded.ts'
import { queryOf } from '../tokens/query-of.ts'
import type { Occasion } from './ask-user.ts'
import type { Attempt, Wish } from './call.ts'
import { type DemandedToken, demandedToken, replaceToken } from './demanded-token.ts'
import type { Sharers } from './flights.ts'
import { lazily } from './lazily.ts'
import type { Resumables } from './resumables.ts'
import { assertMet, isMet } from './sign-in-demand.ts'
import type { CallDeps, CallTokens } from './tokens.ts'

/** The result of a remedy. */
export interface Solution {
  readonly outcome: 'retry' | 'none'
  /** True if a token was held that is newer than the refused token. */
  readonly isNewer?: boolean
}

const RETRY: Solution = { outcome: 'retry' }

/** Creates the remedies. Each gets the token that the API asks for: silently, or else with the user. */
export function createSolutions(
  deps: CallDeps,
  { tokens, resumables }: { tokens: CallTokens; resumables: () => Promise<Resumables> },
) {
  const asking = lazily(async () =>
    (await loaded(import('./ask-user.ts'))).createAskUser(deps, resumables),
  )
  const { auth } = deps

  return async function solve(
    kind: Exclude<ChallengeKind, 'dpop_nonce' | 'dpop_proof'>,
    challenge: ApiChallenge,
    attempt: Attempt,
    about: Pick<Occasion, 'response' | keyof Sharers>,
  ): Promise<Solution> {
    const { call, token } = attempt
    // A popup must open soon after the click.
    if (call.options.interaction === 'popup') asking().catch(() => undefined)
    const parts = (await deps.loader.start()).parts as Parts
    const wish: Wish = { ...tokens.wishFor(call), account: token.account }
    // Another tab, or a renewal, may have answered already.
    const { cache, config } = parts.context
    const held = await cache.find(await queryOf(token.account, wish, parts.context), config.now())
    if (held && held.token !== token.accessToken && !call.done.has('newer'))
      return { outcome: 'retry', isNewer: true }
    const demanded = demandedToken(wish, challenge)

    /** Tries silently; if the user is needed, asks as the app wants. */
    const silentElseUser = async <T>(
      silent: () => Promise<T>,
      wanted = demanded,
    ): Promise<T | AuthenticationResult> => {
      try {
        return await silent()
      } catch (error) {
        if (!isInteractionRequired(error)) throw error
        const askUser = await asking()
        const occasion = { ...about, kind, challenge, call, wish: wanted }
        const result = await askUser(withDemand(error, wanted), occasion)
        await replaceToken(parts, wish, wanted)
        return result
      }
    }

    switch (kind) {
      case 'token': {
        const renew = () => auth.acquireTokenSilent({ ...wish, forceRefresh: true })
        const next = await silentElseUser(renew)
        // During an outage the last token is returned again.
        return next.accessToken === token.accessToken ? { outcome: 'none' } : RETRY
      }
      case 'claims':
        await silentElseUser(() => renewWithClaims(parts, wish, demanded))
        return RETRY
      case 'step_up':
        assertMet(
          await silentElseUser(() => stepUpSilently(parts, wish, demanded)),
          demanded,
          config.now(),
        )
        return RETRY
      case 'scope': {
        await assertNotDeclined(parts, demanded)
        const { declinedScopes } = await silentElseUser(() => auth.acquireTokenSilent(demanded))
        if (demanded.scopes.some((scope) => declinedScopes.includes(scope)))
          throw declined(demanded)
        tokens.learn(call, demanded)
        return RETRY
      }
      case 'metadata': {
        const { discoverResource } = await loaded(import('./discover-resource.ts'))
        const issuer = config.issuer ?? config.authority
        const found = await discoverResource(call, challenge, issuer, config.requestTimeoutMs)
        const scopes = challenge.kind === 'token' ? challenge.scopes : undefined
        const next = { ...wish, ...found, scopes: scopes ?? found.scopes ?? wish.scopes }
        await silentElseUser(() => auth.acquireTokenSilent(next), next)
        tokens.learn(call, next)
        return RETRY
      }
    }
  }
}

/** The claims belong to the challenge and not to the grant, so the refresh token of the account answers them. */
async function renewWithClaims(parts: Parts, wish: Wish, { claims }: DemandedToken): Promise<void> {
  const query = await queryOf(wish.account, wish, parts.context)
  const issuedAfterMs = parts.context.config.now()
  const { record } = await parts.acquire({ ...query, claims }, { issuedAfterMs })
  await replaceToken(parts, wish, record)
}

/** Steps up with the session of the provider, if that is strong and new enough. */
async function stepUpSilently(
  parts: Parts,
  wish: Wish,
  demanded: DemandedToken,
): Promise<AuthenticationResult> {
  const result = await parts.silent({ ...demanded, forceRefresh: true })
  if (!isMet(result, demanded, parts.context.config.now()))
    throw new InteractionRequiredError(
      'login',
      'The API needs a stronger or newer sign-in (RFC 9470).',
      demanded,
    )
  await replaceToken(parts, wish, demanded)
  return result
}

/** The ledger knows the scopes that the user declined: they are not asked for again. */
async function assertNotDeclined({ context }: Parts, demanded: DemandedToken): Promise<void> {
  const query = await queryOf(demanded.account, demanded, context)
  const known = await context.ledger.known(query)
  if (known.some((entry) => entry?.state === 'declined')) throw declined(demanded)
}

const declined = (demanded: DemandedToken) =>
  new InteractionRequiredError(
    'consent',
    'The API needs scopes that the user declined. Only an explicit request asks again.',
    demanded,
  )

/** The error with everything that the API demands, so that the app can pass its `request` on. */
function withDemand(error: InteractionRequiredError, demanded: DemandedToken) {
  const { loginHint } = error.request
  const { message, reason, correlationId, oauth } = error
  const request = { ...demanded, loginHint, claims: demanded.claims ?? error.request.claims }
  return new InteractionRequiredError(reason, message, request, {
    cause: error,
    correlationId,
    oauth,
  })
}
