import { difference, isInteractionRequired, resourceScopes, splitByResource } from '@carnet/core'
import type { AcquireTokenRequest } from '../api/requests.ts'
import type { AuthenticationResult } from '../api/result.ts'
import type { Context } from '../context/context.ts'
import { NOBODY } from './consent.ts'
import { withAnswerTo } from './with-answer-to.ts'

/**
 * Acquires one token for each resource of the scopes, with at most one interaction. The interaction requests a token for the
 * first resource that needs the user, and consent for the other resources; their tokens follow silently. The user can consent
 * to `.default` only separately. If `.default` and other scopes need the user, `.default` fails until another click.
 *
 * @throws AuthError `invalid_request` for scopes that one request cannot combine.
 * @throws InteractionRequiredError for scopes that still need the user.
 */
export async function acquireTokens(
  request: AcquireTokenRequest,
  { config, accounts }: Context,
  ask: {
    silent: (request: AcquireTokenRequest) => Promise<AuthenticationResult>
    /** @param why The error that needs the user. */
    interact: (request: AcquireTokenRequest, why: unknown) => Promise<AuthenticationResult>
  },
): Promise<AuthenticationResult[]> {
  const {
    scopes,
    resource,
    account = accounts.active() ?? NOBODY,
    interaction = 'redirect',
  } = request
  const questions = splitByResource(account, scopes, config.dialect, resource)
  const oidc = difference(scopes, resourceScopes(scopes))
  const groups = questions.map(({ requestedScopes }) => [...requestedScopes, ...oidc])
  const { extraScopesToConsent: later = [] } = request
  for (const group of groups) config.dialect.assertAskable(group, later)
  const attempts = await Promise.allSettled(
    groups.map((group) => ask.silent({ ...request, scopes: group })),
  )
  const failures = attempts.map((attempt) =>
    attempt.status === 'rejected' ? attempt.reason : undefined,
  )
  const hard = failures.find((failure) => failure !== undefined && !isInteractionRequired(failure))
  if (hard !== undefined) throw hard

  const needing = groups.filter((_group, index) => failures[index] !== undefined)
  const named = needing.filter((group) => !group.some(isDefault))
  const first = named[0] ?? needing[0]
  const failure = first && failures[groups.indexOf(first)]
  if (failure && interaction === 'none') throw failure
  const asked =
    first &&
    (await ask.interact(
      {
        ...(isInteractionRequired(failure) ? withAnswerTo(failure, request, accounts) : request),
        scopes: first,
        extraScopesToConsent: [...later, ...named.slice(1).flat()],
      },
      failure,
    ))

  return Promise.all(
    groups.map((group, index) => {
      const attempt = attempts[index]
      if (attempt?.status === 'fulfilled') return attempt.value
      return asked && group === first ? asked : ask.silent({ ...request, scopes: group })
    }),
  )
}

const isDefault = (scope: string) => /(^|\/)\.default$/i.test(scope)
