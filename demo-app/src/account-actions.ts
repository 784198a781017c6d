import type { Account, AuthClient, AuthenticationResult, InteractiveRequest } from '@carnet/browser'
import { accountName } from './account/account-name.ts'
import type { Asking } from './account/asking.ts'
import type { TicketBook, TokenSource } from './tokens/ticket-book.ts'
import type { Shell } from './views/shell.ts'

export type AccountActions = ReturnType<typeof createAccountActions>

/** The actions of the user on accounts. Each action announces its success, or shows its error. */
export function createAccountActions(deps: {
  auth: AuthClient
  asking: Asking
  shell: Shell
  book: TicketBook
  /** Opens the section that requested the result. */
  open: (result: AuthenticationResult) => Promise<void>
}) {
  const { auth, asking, shell, book, open } = deps

  /** Signs in, or adds an account. Browsers allow the popup only before any `await`. */
  async function signIn(request?: InteractiveRequest): Promise<void> {
    shell.dismiss()
    await taking(asking.signIn(request), 'interaction', () => signIn(request))
  }

  async function continueSilently(): Promise<void> {
    shell.dismiss()
    await taking(auth.ssoSilent(), 'hidden iframe')
  }

  async function ending(signOut: Promise<void>): Promise<void> {
    shell.dismiss()
    await signOut.then(() => shell.announce('Signed out.'), shell.report)
  }

  async function taking(
    result: Promise<AuthenticationResult>,
    source: TokenSource,
    again?: () => Promise<void>,
  ): Promise<void> {
    try {
      await take(await result, source)
    } catch (error) {
      shell.report(error, again)
    }
  }

  /** Adds a result to the tickets of its account, and opens the section that requested it. */
  async function take(result: AuthenticationResult, source: TokenSource): Promise<void> {
    book.keep(result, source)
    shell.announce(`Signed in as ${accountName(result.account)}.`)
    await open(result)
  }

  async function remove(account: Account): Promise<void> {
    await auth
      .removeAccount(account)
      .then(() => shell.announce(`${accountName(account)} was removed.`), shell.report)
  }

  return {
    signIn,
    continueSilently,
    take,
    remove,
    signOut: () => ending(asking.signOut(auth.activeAccount)),
    /** Signs out of the demo only. The session at the provider stays. */
    signOutHere: () => ending(auth.signOut({ interaction: 'none' })),
  }
}
