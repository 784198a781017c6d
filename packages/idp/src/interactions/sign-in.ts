import { type Acr, reachableAcr } from '../accounts/acr.ts'
import { PASSWORD } from '../accounts/users.ts'
import { crossSite } from '../oidc/cookies.ts'
import { approvalPage, approvalTitle } from '../pages/approval.ts'
import { showPage } from '../pages/show.ts'
import { signInPage, signInTitle } from '../pages/sign-in.ts'
import { browserCookieOf } from './browser-cookie.ts'
import type { Turn } from './turn.ts'

/** OpenID Connect Core Unmet Authentication Requirements 1.0 */
const unmet = {
  error: 'unmet_authentication_requirements',
  error_description: 'the requested authentication context cannot be reached',
}

const WRONG = 'The user name or the password is wrong. See the hint below.'

/** Shows the sign-in page until a user signs in. */
export async function signIn(turn: Turn): Promise<void> {
  const { finish, form, interaction, state } = turn
  const byItself = state.users.bySub(state.settings.get().signInAs ?? undefined)
  if (byItself && !form && interaction.prompt.reasons.includes('no_session'))
    return signedIn(turn, byItself.username)
  const action = form?.get('action')
  if (action === 'approve' || action === 'continue-weak') {
    const user = state.users.bySub(form?.get('account') ?? undefined)
    if (user) return finishWith(turn, user.username, action === 'approve' ? 'mfa' : 'pwd')
  }
  // The user just signed in, and the essential context was not reached: another page would not help.
  if (!form && isStepUpOnly(turn) && interaction.lastSubmission?.login) return finish(unmet)
  if (!form && isStepUpOnly(turn)) return signedIn(turn, interaction.session?.accountId ?? '')
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

/** Continues after the password: with the approval if the request wants it, otherwise to the end. */
export async function signedIn(turn: Turn, sub: string): Promise<void> {
  const acr = wantedAcr(turn)
  if (acr === 'mfa' && turn.state.settings.get().signInAs === null) return askApproval(turn, sub)
  return finishWith(turn, sub, acr)
}

/** The context that the request asks for, as far as the provider can reach it. */
function wantedAcr({ interaction, state }: Turn): Acr {
  const { acr_values: parameter } = interaction.params
  const { acr } = interaction.prompt.details as { acr?: { value?: string; values?: string[] } }
  const requested = [acr?.value, acr?.values, String(parameter ?? '').split(' ')].flat()
  const wanted = reachableAcr(requested.filter((value) => value !== undefined)) ?? 'pwd'
  return state.settings.get().highestAcr === 'pwd' ? 'pwd' : wanted
}

/** True if the user is signed in and only a stronger authentication is missing. */
function isStepUpOnly({ interaction }: Turn): boolean {
  const isWeak = (reason: string) => reason === 'acr_values' || reason.startsWith('essential_acr')
  return interaction.session?.accountId !== undefined && interaction.prompt.reasons.every(isWeak)
}

function askApproval({ context, interaction, state }: Turn, sub: string): void {
  const user = state.users.bySub(sub)
  const content = approvalPage(String(interaction.params.client_id), user?.username ?? sub)
  showPage(context, state.settings.get(), approvalTitle, content)
}

/** Finishes the sign-in, and with it a requested account picker. */
async function finishWith({ context, finish, state }: Turn, sub: string, acr: Acr): Promise<void> {
  const cookie = browserCookieOf(context)
  const browserId = state.browsers.remember(context.cookies.get(cookie), sub)
  context.cookies.set(cookie, browserId, { ...crossSite, signed: false })
  await finish({
    login: { accountId: sub, acr, amr: acr === 'mfa' ? ['pwd', 'mfa'] : ['pwd'] },
    select_account: {},
  })
}
