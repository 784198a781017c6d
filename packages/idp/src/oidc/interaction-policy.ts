import type { Users } from '../accounts/users.ts'
import { base, Check, type OidcContext, Prompt } from '../vendor/oidc-provider.ts'

/** When a page is needed: what oidc-provider says, an account picker, and two checks of our own. */
export function createInteractionPolicy(users: Users) {
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
  policy.get('login')?.checks.add(loginHint)
  policy.get('consent')?.checks.add(declinedBefore)
  return policy
}

/** `login_hint` (OpenID Connect Core §3.1.2.1) names another user than the one that is signed in. */
function isSomebodyElse({ params, result, session }: OidcContext['oidc'], users: Users): boolean {
  const hint = params?.login_hint
  if (typeof hint !== 'string' || !session?.accountId) return false
  // Whoever has just signed in or been picked on our page is meant, hint or not.
  if (result?.login || result?.select_account) return false
  return users.byLogin(hint)?.username !== session.accountId
}

/** Asks again, but only when we may ask: with prompt=none a declined scope is simply left out. */
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
