import { accountPicker, accountPickerTitle } from '../pages/account-picker.ts'
import { showPage } from '../pages/show.ts'
import { browserCookieOf } from './browser-cookie.ts'
import { showSignIn, signedIn, signIn } from './sign-in.ts'
import type { Turn } from './turn.ts'

/** Lets the user choose a known account of this browser, or sign in with another account. */
export async function pickAccount(turn: Turn): Promise<void> {
  const { context, finish, form, interaction, state } = turn
  const known = knownUsers(turn)
  const action = form?.get('action')

  if (action === 'another') return showSignIn(turn, '')
  if (action === 'choose') {
    const picked = known.find(({ username }) => username === form?.get('account'))
    const isSignedIn = picked && picked.username === interaction.session?.accountId
    if (isSignedIn) return finish({ select_account: {} })
    if (picked) return signedIn(turn, picked.username)
  }
  if (known.length === 0 || action === 'sign-in' || action === 'continue') return signIn(turn)

  const page = accountPicker(String(interaction.params.client_id), known)
  showPage(context, state.settings.get(), accountPickerTitle, page)
}

function knownUsers({ context, interaction, state }: Turn) {
  const subs = state.browsers.accountsOf(context.cookies.get(browserCookieOf(context)))
  const current = interaction.session?.accountId
  return [...new Set([...(current ? [current] : []), ...subs])]
    .map((sub) => state.users.bySub(sub))
    .filter((user) => user !== undefined)
}
