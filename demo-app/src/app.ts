import type { Account, AuthClient, AuthenticationResult, InteractiveRequest } from '@carnet/browser'
import { accountName } from './account-name.ts'
import { createAsking } from './asking.ts'
import { createEventLog } from './event-log.ts'
import type { InteractionChoice } from './interaction-choice.ts'
import { createRenewalJournal } from './renewal-journal.ts'
import { currentRoute, onRoute } from './router.ts'
import type { Ticker } from './ticker.ts'
import { createTicketBook, type TokenSource } from './ticket-book.ts'
import { createEvents } from './views/events.ts'
import { brand, createSignedInHeader } from './views/header.ts'
import type { Shell } from './views/shell.ts'
import { createSignedIn } from './views/signed-in.ts'
import { createSignedOut } from './views/signed-out.ts'

/** Connects the client and the page. The active account decides which view the page shows. */
export function runApp(deps: {
  auth: AuthClient
  authority: string
  network: typeof fetch
  shell: Shell
  choice: InteractionChoice
  ticker: Ticker
}) {
  const { auth, authority, network, shell, choice, ticker } = deps
  const asking = createAsking(auth, choice)
  let page: ReturnType<typeof createSignedIn> | undefined
  const book = createTicketBook(auth, () => page?.showTickets())
  const journal = createRenewalJournal(auth)
  const events = createEvents(() => log.clear())
  const log = createEventLog(auth, (lines) => {
    events.update(lines)
    // The log stays after the sign-out, because it shows the sign-out too.
    if (!page && !events.region.isConnected) shell.below.prepend(events.region)
  })
  const header = createSignedInHeader({
    signOut: () => ending(asking.signOut(auth.activeAccount)),
    signOutHere: () => ending(auth.signOut({ interaction: 'none' })),
  })

  /** Signs in, or adds an account. It opens a popup before any `await`, so that browsers allow it. */
  async function signIn(request?: InteractiveRequest): Promise<void> {
    shell.dismiss()
    await taking(asking.signIn(request), 'interaction', () => signIn(request))
  }

  async function continueSilently(): Promise<void> {
    shell.dismiss()
    await taking(auth.ssoSilent(), 'hidden frame')
  }

  async function ending(signOut: Promise<void>): Promise<void> {
    shell.dismiss()
    await signOut.then(() => shell.announce('Signed out.'), shell.report)
  }

  async function taking(
    answer: Promise<AuthenticationResult>,
    source: TokenSource,
    again?: () => Promise<void>,
  ): Promise<void> {
    try {
      await take(await answer, source)
    } catch (error) {
      shell.report(error, again)
    }
  }

  /** Adds a result to the tickets of its account, and opens the section that requested it. */
  async function take(result: AuthenticationResult, source: TokenSource): Promise<void> {
    book.keep(result, source)
    shell.announce(`Signed in as ${accountName(result.account)}.`)
    if (page && result.account.id === page.account.id) await page.open(result)
  }

  async function remove(account: Account): Promise<void> {
    await auth
      .removeAccount(account)
      .then(() => shell.announce(`${accountName(account)} was removed.`), shell.report)
  }

  function render(): void {
    const account = auth.activeAccount
    const hadFocus = document.activeElement !== document.body
    const isSwitch = page !== undefined
    if (page && account?.id !== page.account.id) {
      page.close()
      page = undefined
    }
    if (!account) showSignedOut()
    else {
      if (!page) showPageOf(account, isSwitch)
      page?.update(account)
      header.update(account, auth.accounts, currentRoute())
    }
    // If the focused element was removed, move the focus to the top of the new view.
    if (!hadFocus || document.activeElement !== document.body) return
    if (page && isSwitch) page.focusAccounts()
    else document.querySelector('h1')?.focus({ preventScroll: page !== undefined })
  }

  function showPageOf(account: Account, isSwitch: boolean): void {
    page = createSignedIn({
      auth,
      account,
      authority,
      network,
      shell,
      asking,
      book,
      journal,
      ticker,
      events: events.region,
      useAnother: () => signIn({ prompt: 'select_account' }),
      remove,
    })
    shell.header.replaceChildren(...header.nodes)
    shell.show(page.element)
    if (isSwitch) shell.announce(`${accountName(account)} is the active account now.`)
  }

  function showSignedOut(): void {
    shell.header.replaceChildren(brand())
    shell.show(
      createSignedOut({
        authority,
        route: currentRoute(),
        others: auth.accounts,
        signIn,
        continueSilently,
        resume: auth.setActiveAccount,
      }),
    )
  }

  // A new token can bring new claims for an account that is already signed in.
  for (const name of [
    'accountAdded',
    'accountRemoved',
    'activeAccountChanged',
    'tokenAcquired',
  ] as const)
    auth.on(name, render)
  render()
  onRoute((route) => {
    render()
    page?.goTo(route)
  })
  if (currentRoute() !== 'home') page?.goTo(currentRoute())
  if (auth.redirectResult) void take(auth.redirectResult, 'interaction')

  return { signIn, continueSilently }
}
