import type { Directory, Identity } from '../directory/directory.ts'
import type { EntraUser } from '../directory/options.ts'
import {
  adminConsentRequired,
  consentRequired,
  loginRequired,
  mfaRequired,
  notInTenant,
  type Refusal,
  severalAccounts,
  unknownSession,
} from '../errors/refusals.ts'
import type { Permissions } from '../scopes/permissions.ts'
import type { SignedIn } from '../state/sessions.ts'
import type { Turn } from '../state/turns.ts'

/** The next step of an authorization request. */
export type Step =
  | { readonly kind: 'sign-in'; readonly problem?: Refusal }
  | { readonly kind: 'pick' }
  | { readonly kind: 'verify'; readonly identity: Identity }
  | { readonly kind: 'admin'; readonly identity: Identity }
  | { readonly kind: 'consent'; readonly identity: Identity }
  | { readonly kind: 'answer'; readonly identity: Identity; readonly account: SignedIn }

interface Situation {
  readonly directory: Directory
  /** The accounts with a session in this browser. */
  readonly accounts: readonly SignedIn[]
  /** The user names that the account picker offers. */
  readonly known: readonly string[]
  readonly permissionsOf: (identity: Identity) => Permissions
  /** The factors that every user must present, in addition to the factors of the request. */
  readonly factors: readonly string[]
}

/** Pure. The order is the design: account, tenant, factors, consent, response. */
export function nextStep(turn: Turn, situation: Situation): Step {
  const { directory, factors, permissionsOf } = situation
  const { claimsRequest, prompt, scope, tenant } = turn.request

  const account = chosenAccount(turn, situation)
  if ('kind' in account) return account
  const identity = directory.identity(account.username, tenant)
  if (!identity) return { kind: 'sign-in', problem: foreigner(turn, account.username, directory) }

  if ([...factors, ...claimsRequest.contexts].some((one) => !account.factors.has(one))) {
    return { kind: 'verify', identity }
  }

  const permissions = permissionsOf(identity)
  const missing = permissions.missing(scope)
  if (missing.some(({ isForAdmins }) => isForAdmins)) return { kind: 'admin', identity }
  const isIncomplete = missing.length > 0 || permissions.missingIdentity(scope).length > 0
  if (!turn.hasConsented && (prompt === 'consent' || isIncomplete)) {
    return { kind: 'consent', identity }
  }
  return { kind: 'answer', identity, account }
}

/** The error response to `prompt=none` for a step that needs a page (OpenID Connect Core §3.1.2.6). */
export function silentRefusal(
  step: Exclude<Step, { kind: 'answer' }>,
  { request }: Turn,
  challenge: string,
): Refusal {
  const { client, sid } = request
  switch (step.kind) {
    case 'sign-in':
      return step.problem ?? (sid === null ? loginRequired() : unknownSession())
    case 'pick':
      return severalAccounts()
    case 'verify':
      return mfaRequired(request.claims ?? challenge)
    case 'admin':
      return adminConsentRequired('consent_required', step.identity.tenant.name)
    case 'consent':
      return consentRequired(client.clientId)
  }
}

/** The account of the pages, of the hints, or of the only session; otherwise the page to show. */
function chosenAccount(turn: Turn, situation: Situation): SignedIn | Step {
  const { accounts, known } = situation
  const { prompt } = turn.request
  if (turn.username !== undefined) {
    const chosen = accounts.find(({ username }) => username === turn.username)
    return chosen ?? { kind: 'sign-in' }
  }
  if (turn.wantsAnother || prompt === 'login') return { kind: 'sign-in' }
  if (prompt === 'select_account') return { kind: known.length > 0 ? 'pick' : 'sign-in' }

  const [first, ...others] = accountsMeant(turn, situation)
  if (!first) return { kind: 'sign-in' }
  return others.length > 0 ? { kind: 'pick' } : first
}

function accountsMeant({ request }: Turn, { accounts, directory }: Situation): readonly SignedIn[] {
  const { domainHint, loginHint, sid, tenant } = request
  if (sid !== null) return accounts.filter((account) => account.sid === sid)
  if (loginHint !== null) {
    const hinted = directory.byHint(loginHint)
    return accounts.filter(({ username }) => username === hinted?.username)
  }
  const fitting = accounts.filter(({ username }) => {
    const identity = directory.identity(username, tenant)
    return identity && isOfDomain(identity.user, domainHint)
  })
  // If no session belongs to the tenant, keep them all: the next step shows the error for the user.
  return fitting.length > 0 || domainHint !== null ? fitting : accounts
}

/** True for the domain hints `organizations` and `consumers` too: here they exclude no user. */
export const isOfDomain = ({ email }: EntraUser, domainHint: string | null): boolean =>
  domainHint === null ||
  !domainHint.includes('.') ||
  email.toLowerCase().endsWith(`@${domainHint.toLowerCase()}`)

function foreigner({ request }: Turn, username: string, directory: Directory): Refusal {
  const { tenant } = request
  const email = directory.byHint(username)?.email ?? username
  return notInTenant(
    'interaction_required',
    email,
    typeof tenant === 'string' ? tenant : tenant.name,
  )
}
