import type { IdentityProvider } from '@carnet/idp'
import { type Browser, expect, type Request } from '@playwright/test'
import { createVisitor, type Visitor } from './bindings-world.ts'
import { cancelAtProvider, signInAtProvider } from './steps/provider-pages.ts'

/** A visit of one user with a new browser profile to a guarded page. */
interface Round {
  readonly tab: Visitor
  /** The username and the name of the user. */
  readonly user: readonly [string, string]
  /** The guarded page with a query and a fragment. */
  readonly target: string
}

async function signsInAtStart({ tab, user: [username, name] }: Round): Promise<void> {
  await tab.opens('/')
  await tab.clicks('Sign in')
  await signInAtProvider(tab.page, name)
  await tab.sees(`Signed in as ${username}@example.com`)
}

async function signsInFor({ tab, user, target }: Round): Promise<void> {
  await tab.enters(target)
  await signInAtProvider(tab.page, user[1])
}

/** So long the token endpoint is slow. */
const SLOW_MS = 400

/** The ways to a guarded page. Each ends at the page, and returns the number of authorization requests with a user. */
const WAYS: Readonly<Record<string, (round: Round) => Promise<number>>> = {
  async 'a redirect'(round) {
    await signsInFor(round)
    return 1
  },
  async 'a slow token endpoint'(round) {
    await round.tab.page.route(/\/token$/, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, SLOW_MS))
      await route.continue()
    })
    await signsInFor(round)
    return 1
  },
  async 'another tab signs in first'(round) {
    await round.tab.enters(round.target)
    const button = round.tab.page.getByRole('button', { name: `Continue as ${round.user[1]}` })
    await expect(button).toBeVisible()
    const page = await round.tab.page.context().newPage()
    await signsInAtStart({ ...round, tab: createVisitor(page, round.tab.idp, round.tab.url) })
    await button.click()
    return 2
  },
  async 'an expired session'(round) {
    await signsInAtStart(round)
    const whom = { username: round.user[0] }
    await round.tab.idp.control.endSessions(whom)
    await round.tab.idp.control.revokeRefreshTokens(whom)
    await round.tab.enters(round.target)
    return 1
  },
  async 'a sign-in that the user cancelled'(round) {
    await round.tab.enters(round.target)
    await cancelAtProvider(round.tab.page)
    await round.tab.seesAlert('access_denied')
    await round.tab.opens('/') // The same URL again would be no navigation, because it has a fragment.
    await signsInFor(round)
    return 2
  },
  async 'a sign-out'(round) {
    await signsInAtStart(round)
    // The provider ends its session before it sends the user back.
    const isReturn = (request: Request) => request.url().startsWith(`${round.tab.url}?state=`)
    const returns = round.tab.page.waitForRequest(isReturn)
    await round.tab.clicks('Sign out')
    await returns
    await round.tab.seesButton('Sign in')
    await signsInFor(round)
    return 2
  },
}

const NAMES = Object.keys(WAYS)

/** One lane for each user of the provider, because a lane ends the sessions of its user only. */
export const USERS = [
  ['alice', 'Alice Adams'],
  ['bob', 'Bob Brown'],
  ['carol', 'Carol Clark'],
] as const

/** Plays one round, and returns its duration. It rejects if anything is not as the user expects. */
export async function playRound(
  browser: Browser,
  idp: IdentityProvider,
  url: string,
  number: number,
  user: readonly [string, string],
): Promise<number> {
  const context = await browser.newContext()
  let asked = 0
  const problems: string[] = []
  // Some routers link to the base path without its last slash.
  const start = new URL(url).pathname
  const paths = [start, start.replace(/(?<=.)\/$/, ''), new URL('profile', url).pathname]
  context.on('weberror', (error) => problems.push(`${error.error()}`))
  context.on('request', (request) => {
    const isForUser = request.url().startsWith(`${idp.issuer}/auth?`)
    if (isForUser && !request.url().includes('prompt=none')) asked += 1
  })
  context.on('page', (page) =>
    page.on('framenavigated', (frame) => {
      const { origin, pathname } = new URL(frame.url(), url)
      const isWrong = frame === page.mainFrame() && origin === new URL(url).origin
      if (isWrong && !paths.includes(pathname)) problems.push(`It showed ${frame.url()}`)
    }),
  )
  const way = NAMES[number % NAMES.length] ?? ''
  const startedAtMs = Date.now()
  try {
    const page = await context.newPage()
    const tab = createVisitor(page, idp, url)
    const target = `/profile?x=${number}#part${number}`
    const expected = await WAYS[way]?.({ tab, user, target })
    await tab.sees(`Profile of ${user[0]}@example.com`)
    expect(page.url()).toBe(url + target.slice(1))
    await tab.follows('Home')
    await tab.sees(`Signed in as ${user[0]}@example.com`)
    await page.goBack()
    await tab.sees(`Profile of ${user[0]}@example.com`)
    expect(page.url()).toBe(url + target.slice(1))
    expect([asked, problems]).toEqual([expected, []])
  } catch (error) {
    throw new Error(`Round ${number} of ${user[0]} after ${way}: ${error}`)
  } finally {
    await context.close()
  }
  return Date.now() - startedAtMs
}
