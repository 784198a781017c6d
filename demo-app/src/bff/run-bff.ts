import { brand } from '../ui/brand.ts'
import { button } from '../ui/button.ts'
import type { Frame } from '../ui/frame.ts'
import { notice } from '../ui/notice.ts'
import { currentRoute, onRoute, type Route } from '../ui/router.ts'
import type { Ticker } from '../ui/ticker.ts'
import { createBackendCalls, type SessionUser } from './backend-calls.ts'
import { createCallLog } from './call-log.ts'
import { createHeader } from './header.ts'
import { createSignedIn } from './signed-in.ts'
import { createSignedOut } from './signed-out.ts'
import { createTabs } from './tabs.ts'
import { wordsOf, wordsOfError } from './words.ts'

/** Connects the backend and the page. The session decides which view the page shows. */
export async function runBff(deps: {
  frame: Frame
  ticker: Ticker
  authority: string
}): Promise<void> {
  const { frame, ticker, authority } = deps
  const log = createCallLog()
  const calls = createBackendCalls(log.add)
  const tabs = createTabs(() => void check())
  let page: ReturnType<typeof createSignedIn> | undefined
  let hasView = false
  let markRoute: (route: Route) => void = () => undefined
  const report = (error: unknown) =>
    frame.notify(notice(wordsOfError(error), button('Dismiss', frame.dismiss)))

  /** Asks the server for the user, and shows the view for the answer. */
  async function check(): Promise<void> {
    try {
      const user = await calls.me()
      if (!user && (page || !hasView)) showSignedOut()
      if (user && user.username !== page?.user.username) await showSignedIn(user)
    } catch (error) {
      if (!hasView) showSignedOut()
      report(error)
    }
  }

  function showSignedOut(): void {
    const wasSignedIn = page !== undefined
    page?.close()
    page = undefined
    hasView = true
    frame.header.replaceChildren(brand())
    frame.show(createSignedOut(authority))
    if (!wasSignedIn) return
    frame.notify(notice(wordsOf('no_session'), button('Dismiss', frame.dismiss)))
    document.querySelector('h1')?.focus({ preventScroll: true })
  }

  async function showSignedIn(user: SessionUser): Promise<void> {
    page?.close()
    const { announce } = frame
    const next = createSignedIn({
      ...{ user, calls, ticker, announce, log: log.region },
      onNoSession: showSignedOut,
      check: () => void check(),
    })
    page = next
    hasView = true
    frame.dismiss()
    const header = createHeader(user, signOut)
    markRoute = header.mark
    markRoute(currentRoute())
    frame.header.replaceChildren(...header.nodes)
    frame.show(next.element)
    announce(`Signed in as ${user.name}.`)
    const failure = await next.open()
    if (failure && page === next) frame.notify(failure)
    if (currentRoute() !== 'home') next.goTo(currentRoute())
  }

  async function signOut(): Promise<void> {
    try {
      const url = await calls.logout()
      tabs.tell()
      location.assign(url)
    } catch (error) {
      report(error)
    }
  }

  onRoute((route) => {
    markRoute(route)
    page?.goTo(route)
  })
  await check()
  reportSignIn(frame)
}

/** Shows why a sign-in failed. The server puts the code of the error into the address. */
function reportSignIn(frame: Frame): void {
  const url = new URL(location.href)
  const code = url.searchParams.get('error')
  if (code === null) return
  url.searchParams.delete('error')
  history.replaceState(null, '', url)
  frame.notify(notice(wordsOf(code), button('Dismiss', frame.dismiss)))
}
