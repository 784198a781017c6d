import { PASSWORD } from '../accounts/users.ts'
import { crossSite } from '../oidc/cookies.ts'
import { showPage } from '../pages/show.ts'
import { signInPage, signInTitle } from '../pages/sign-in.ts'
import { browserCookieOf } from './browser-cookie.ts'
import type { Turn } from './turn.ts'

const WRONG = 'The user name or the password is wrong. See the hint below.'

/** Shows the sign-in page until a user signs in. */
export async function signIn(turn: Turn): Promise<void> {
  const { form, interaction, state } = turn
  const byItself = state.users.bySub(state.settings.get().signInAs ?? undefined)
  if (byItself && !form && interaction.prompt.reasons.includes('no_session'))
    return signedIn(turn, byItself.username)
  const action = form?.get('action')
  if (action === 'continue') {
    const user = state.users.bySub(form?.get('account') ?? undefined)
    if (user) return signedIn(turn, user.username)
  }
  if (action === 'sign-in') {
    const user = state.users.byLogin(form?.get('username') ?? undefined)
    if (user && form?.get('password') === PASSWORD) return signedIn(turn, user.username)
  }
  const { login_hint: hint } = interaction.params
  showSignIn(turn, form?.get('username') ?? String(hint ?? ''), action === 'sign-in' ? WRONG : '')
}

export function showSignIn(
  { context, interaction, state }: Turn,
  username: string,
  problem = '',
): void {
  const content = signInPage({
    clientId: String(interaction.params.client_id),
    users: state.users.all,
    username,
    ...(problem && { problem }),
  })
  showPage(context, state.settings.get(), signInTitle, content)
}

/** Finishes the sign-in, and with it a requested account picker. */
export async function signedIn({ context, finish, state }: Turn, sub: string): Promise<void> {
  const cookie = browserCookieOf(context)
  const browserId = state.browsers.remember(context.cookies.get(cookie), sub)
  context.cookies.set(cookie, browserId, { ...crossSite, signed: false })
  await finish({ login: { accountId: sub, amr: ['pwd'] }, select_account: {} })
}
