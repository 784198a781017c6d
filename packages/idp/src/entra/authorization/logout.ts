import { html } from '../../pages/html.ts'
import { contentSecurityPolicy } from '../../pages/layout.ts'
import { type Answer, type Call, page, redirect } from '../http/http.ts'
import type { Entra } from '../state/entra.ts'
import type { SignedIn } from '../state/sessions.ts'
import { browserCookieOf } from './browser-cookie.ts'

/** `/{tenant}/oauth2/v2.0/logout` and its confirmation page (OpenID Connect RP-Initiated Logout 1.0). */
export async function logOut(entra: Entra, call: Call): Promise<Answer> {
  const { sessions, state } = entra
  const browserId = call.cookie(browserCookieOf(entra))
  const accounts = sessions.of(browserId)
  const account = await accountMeant(entra, call, accounts)
  if (!account && accounts.length > 0) {
    const content = picker(entra, call, accounts)
    return page(state.settings.get(), 'Which account do you want to sign out of?', content)
  }
  if (account && browserId !== undefined) sessions.signOut(browserId, account.username)
  return leave(entra, call.url.searchParams, account)
}

/** The account that the page or the hints name. Expired hints are accepted, because they only end a session. */
async function accountMeant(
  { directory, keys }: Entra,
  { method, parameters, url }: Call,
  accounts: readonly SignedIn[],
): Promise<SignedIn | undefined> {
  const picked = method === 'POST' ? parameters.get('account') : null
  if (picked !== null) return accounts.find(({ username }) => username === picked)

  const hint = url.searchParams.get('logout_hint')
  const hinted = hint === null ? undefined : directory.byHint(hint)
  const byHint = accounts.find(({ username }) => username === hinted?.username)
  if (byHint) return byHint

  const token = url.searchParams.get('id_token_hint') ?? ''
  const claims = await keys.verifySignature(token).catch(() => undefined)
  return accounts.find(({ sid }) => sid === claims?.sid)
}

function picker({ state }: Entra, { url }: Call, accounts: readonly SignedIn[]) {
  return html`
<form method="post" action="${url.pathname.replace(/\/confirm$/, '')}/confirm${url.search}">
${accounts.map(({ username }) => {
  const { name = username, email = '' } = state.users.bySub(username) ?? {}
  return html`
<button class="account" name="account" value="${username}"><strong>${name}</strong> <span>${email}</span></button>`
})}
</form>`
}

/** Notifies the other apps (OpenID Connect Front-Channel Logout 1.0), then redirects to the requesting app. */
function leave(entra: Entra, query: URLSearchParams, account: SignedIn | undefined): Answer {
  const settings = entra.state.settings.get()
  const target = targetOf(entra, query)
  const frames = account ? framesOf(entra, account) : []
  if (frames.length === 0 && target !== undefined) return redirect(target)

  // The browser follows the refresh only after the page and its iframes have loaded.
  const content = html`<p>You can close this page.</p>
${frames.map((frame) => html`<iframe hidden src="${frame}" title="Sign-out of an app"></iframe>`)}
${target !== undefined && html`<meta http-equiv="refresh" content="0; url=${target}">`}`
  const origins = [...new Set(frames.map((frame) => new URL(frame).origin))]
  return page(settings, 'You are signed out', content, {
    'Content-Security-Policy': `${contentSecurityPolicy}; frame-src ${origins.join(' ') || "'none'"}`,
  })
}

function targetOf({ state }: Entra, query: URLSearchParams): string | undefined {
  const uri = query.get('post_logout_redirect_uri')
  if (uri === null || !state.clients.isPostLogoutRedirectUri(uri)) return undefined
  const target = new URL(uri)
  const asked = query.get('state')
  if (asked !== null) target.searchParams.set('state', asked)
  return target.href
}

function framesOf({ state }: Entra, { clients, sid }: SignedIn): string[] {
  return [...clients.keys()].flatMap((clientId) => {
    const uri = state.clients.find(clientId)?.frontchannelLogoutUri
    if (uri === undefined) return []
    const frame = new URL(uri)
    // Entra sends `sid` without `iss`.
    frame.searchParams.set('sid', sid)
    return [frame.href]
  })
}
