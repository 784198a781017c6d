import { reachableAcr } from '../accounts/acr.ts'
import type { Users } from '../accounts/users.ts'
import type { SettingsStore } from '../model/settings.ts'
import { base, Check, type OidcContext, Prompt } from '../vendor/oidc-provider.ts'

/** Decides when a page is needed: the policy of oidc-provider, an account picker and two more checks. */
export function createInteractionPolicy(users: Users, settings: Pick<SettingsStore, 'get'>) {
  const policy = base()
  policy.add(new Prompt({ name: 'select_account', requestable: true }), 0)
  const loginHint = new Check(
    'login_hint',
    'another user is signed in',
    'login_required',
    ({ oidc }) => isSomebodyElse(oidc, users),
  )
  const declinedBefore = new Check(
    'declined_before',
    'scopes were declined before',
    'consent_required',
    ({ oidc }) => wasDeclinedBefore(oidc),
  )
  const acrValues = new Check(
    'acr_values',
    'a stronger authentication is required',
    'interaction_required',
    ({ oidc }) => isTooWeak(oidc),
  )
  policy.get('login')?.checks.add(loginHint)
  policy.get('login')?.checks.add(acrValues)
  const details = new Check(
    'authorization_details',
    'authorization details need consent',
    'consent_required',
    ({ oidc: { params, result } }) =>
      settings.get().consent === 'ask' &&
      params?.authorization_details !== undefined &&
      !result?.consent,
  )
  policy.get('consent')?.checks.add(declinedBefore)
  // The check of oidc-provider would ask even if the setting skips the consent.
  policy.get('consent')?.checks.remove('rar_prompt')
  policy.get('consent')?.checks.add(details)
  return policy
}

/** True if `login_hint` names another user than the session (OpenID Connect Core §3.1.2.1). */
function isSomebodyElse({ params, result, session }: OidcContext['oidc'], users: Users): boolean {
  const hint = params?.login_hint
  if (typeof hint !== 'string' || !session?.accountId) return false
  // A user who just signed in, or was chosen on a page, overrides the hint.
  if (result?.login || result?.select_account) return false
  return users.byLogin(hint)?.username !== session.accountId
}

/** True if the user must be asked again for a declined scope. With prompt=none the scope is omitted instead. */
function wasDeclinedBefore(oidc: OidcContext['oidc']): boolean {
  const { grant, prompts, requestParamScopes, resourceServers = {}, result } = oidc
  if (prompts.has('none') || result?.consent || !grant) return false
  return Object.keys(resourceServers).some((resource) =>
    grant
      .getRejectedResourceScope(resource)
      .split(' ')
      .some((scope) => requestParamScopes.has(scope)),
  )
}

/** True if the session meets none of the requested `acr_values` (RFC 9470 §5), and a sign-in could meet one. */
function isTooWeak({ params, result, session }: OidcContext['oidc']): boolean {
  if (result?.login || !session?.accountId) return false
  const wanted = String(params?.acr_values ?? '').split(' ')
  return reachableAcr(wanted) !== undefined && !wanted.includes(session.acr ?? '')
}
