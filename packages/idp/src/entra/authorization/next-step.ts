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

/** What an authorization request needs next. */
export type Step =
  | { readonly kind: 'sign-in'; readonly problem?: Refusal }
  | { readonly kind: 'pick' }
  | { readonly kind: 'verify'; readonly identity: Identity }
  | { readonly kind: 'admin'; readonly identity: Identity }
  | { readonly kind: 'consent'; readonly identity: Identity }
  | { readonly kind: 'answer'; readonly identity: Identity; readonly account: SignedIn }

interface Situation {
  readonly directory: Directory
  /** The accounts that are signed in with this browser. */
  readonly accounts: readonly SignedIn[]
  /** The user names that the account picker can offer. */
  readonly known: readonly string[]
  readonly permissionsOf: (identity: Identity) => Permissions
  /** Factors that everybody has to meet, beside what the request demands. */
  readonly factors: readonly string[]
}

/** Pure. The order is the design: who, whether that is sure, what they allow, and the answer. */
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

/** What `prompt=none` is told of a step that takes a page (OpenID Connect Core §3.1.2.6). */
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

/** The account that the pages, the hints or the browser's only session name, or the page to show. */
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
  // Somebody who is signed in, but not of this tenant, is told so.
  return fitting.length > 0 || domainHint !== null ? fitting : accounts
}

/** `organizations` and `consumers` are hints of Entra's too; they exclude nobody here. */
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
