import type { AuthClient } from '@carnet/browser'
import { connect, readAuthority } from './auth.ts'
import { createEventLog } from './event-log.ts'
import { createProviderControl } from './provider-control.ts'
import { currentRoute, onRoute } from './router.ts'
import { sameAccount } from './same-account.ts'
import { createEvents } from './views/events.ts'
import { brand, createSignedInHeader } from './views/header.ts'
import { createProviderPanel } from './views/provider.ts'
import { createShell } from './views/shell.ts'
import { createSignedIn } from './views/signed-in.ts'
import { createSignedOut } from './views/signed-out.ts'

const authority = readAuthority()
// The client comes first: the router must not see the response that may be in the address.
const { auth, error } = await connect(authority)

const shell = createShell()
shell.below.append(createProviderPanel(createProviderControl(authority)))
if (error !== undefined) shell.report(error)
if (auth) run(auth)
else offerAgain()

/** Without a client the button tries to create one, and goes on with it. */
function offerAgain(): void {
  const signIn = async () => {
    const next = await connect(authority)
    if (!next.auth) {
      shell.report(next.error)
      return
    }
    shell.dismiss()
    run(next.auth)
    await next.auth.signIn().catch(shell.report)
  }
  shell.header.replaceChildren(brand())
  shell.show(
    createSignedOut({ authority, route: currentRoute(), others: [], signIn, resume: () => {} }),
  )
}

/** Follows the client: who is signed in decides what the page shows. */
function run(auth: AuthClient): void {
  let page: ReturnType<typeof createSignedIn> | undefined
  const events = createEvents(() => log.clear())
  const log = createEventLog(auth, (lines) => {
    events.update(lines)
    // The log outlives its user: it tells of the sign-out.
    if (!page && !events.region.isConnected) shell.below.prepend(events.region)
  })
  const header = createSignedInHeader({
    signOut: (interaction) => auth.signOut({ interaction }).catch(shell.report),
  })

  function render(): void {
    const account = auth.activeAccount
    if (page && !(account && sameAccount(account, page.account))) {
      page.close()
      page = undefined
    }
    if (!account) {
      showSignedOut()
      return
    }
    if (!page) {
      page = createSignedIn({ auth, account, authority, shell, events: events.region })
      shell.header.replaceChildren(...header.nodes)
      shell.show(page.element)
    }
    page.update(account)
    header.update(account, currentRoute())
  }

  function showSignedOut(): void {
    const signIn = async () => {
      shell.dismiss()
      await auth.signIn().catch(shell.report)
    }
    const hadFocus = document.activeElement !== document.body
    shell.header.replaceChildren(brand())
    shell.show(
      createSignedOut({
        authority,
        route: currentRoute(),
        others: auth.accounts,
        signIn,
        resume: auth.setActiveAccount,
      }),
    )
    // Where what had the focus is gone, the keyboard goes on at the top of the new view.
    if (hadFocus && document.activeElement === document.body) document.querySelector('h1')?.focus()
  }

  for (const name of ['accountAdded', 'accountRemoved', 'activeAccountChanged'] as const)
    auth.on(name, render)
  render()
  onRoute((route) => {
    render()
    page?.goTo(route)
  })
  if (currentRoute() !== 'home') page?.goTo(currentRoute())
  if (auth.redirectResult) void page?.openRedirectResult(auth.redirectResult)
}
