import { expect, type Page } from '@playwright/test'
import { type App, type AppOptions, createApp } from './app.ts'
import type { World } from './world.ts'

export const SCOPES = ['calendar.read']
export const HOUR_MS = 3_600_000

/** The service worker of the package, as a page without a bundler serves it. */
export const SERVICE_WORKER = '/no-bundler/carnet.service-worker.min.js'

/** The number of rounds of each story: `npm run soak` sets more. */
export const ROUNDS = Number(process.env.CARNET_ROUNDS ?? 1)

/** The latency of the token endpoint in many rounds: some pages end before the answer, and some after it. */
const LATENCY_MS = 1200

/** Lets the answer of the token endpoint wait until `answers`; in many rounds, for a while. */
export const holdsAnswer = async ({ control }: World['idp']): Promise<void> => {
  if (ROUNDS > 1) await control.changeSettings({ latencyMs: { token: LATENCY_MS } })
  else await control.addFault({ endpoint: 'token', fault: { kind: 'hang' } })
}

/** Ends the wait of the token endpoint. */
export const answers = ({ control }: World['idp']): Promise<void> => control.clearFaults()

/** The numbers of the rounds. */
export const rounds = Array.from({ length: ROUNDS }, (_, index) => index + 1)

/** A request in whose middle a page ends. */
export interface MiddleOf {
  /** Brings the app into the middle of the request. */
  begins(app: App, options: AppOptions): Promise<void>
  /** Checks in another page that the session goes on, with one redemption of each credential. */
  goesOn(next: App, options: AppOptions, isSameTab: boolean): Promise<void>
}

/** Brings an app whose user is signed in into the middle of a refresh. */
export async function refreshes(app: App): Promise<void> {
  await holdsAnswer(app.idp)
  await app.idp.control.resetStats()
  await app.jumps(HOUR_MS)
  app.asks(SCOPES).catch(() => undefined) // The page ends.
  await expect.poll(async () => (await app.requests()).refresh_token).toBe(1)
}

const refresh: MiddleOf = {
  async begins(app, options) {
    await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', options)
    await refreshes(app)
  },
  async goesOn(next, options) {
    await answers(next.idp)
    await startsUnlessRestored(next, { ...options, clockAheadMs: HOUR_MS })
    const { answer, error } = await next.asks(SCOPES)
    expect(error).toBeUndefined()
    expect(answer?.uniqueId).toBe('alice')
    expect((await next.requests()).refresh_token).toBe(1)
    await isRenewable(next, 2)
  },
}

const redemption: MiddleOf = {
  async begins(app, options) {
    await app.idp.control.changeSettings({ consent: 'skip', signInAs: 'alice' })
    await holdsAnswer(app.idp)
    await app.starts(options)
    await app.leavesBy('signIn', { scopes: SCOPES })
    await app.page.waitForURL(({ hash }) => hash.includes('state='))
    await app.idp.control.resetStats()
    app.starts(options).catch(() => undefined) // The page ends.
    await expect.poll(async () => (await app.requests()).authorization_code).toBe(1)
  },
  async goesOn(next, options, isSameTab) {
    await answers(next.idp)
    const started = await startsUnlessRestored(next, options)
    if (started) {
      expect(started).toEqual({ answer: { username: 'alice@example.com' } })
      const hasResult = await next.page.evaluate(() => window.auth.redirectResult !== null)
      expect(hasResult).toBe(isSameTab)
    }
    const { answer, error } = await next.asks(SCOPES)
    expect(error).toBeUndefined()
    expect(answer?.uniqueId).toBe('alice')
    expect(await next.requests()).toMatchObject({ authorization_code: 1, token: 1 })
    await isRenewable(next, 1)
  },
}

export const middles = {
  'a refresh': refresh,
  'the redemption of its code': redemption,
} as const satisfies Readonly<Record<string, MiddleOf>>

/** The refresh token works: the provider has seen no replay. */
export async function isRenewable(app: App, refreshes: number): Promise<void> {
  await app.idp.control.changeSettings({ latencyMs: 0 })
  const { error } = await app.asks(SCOPES, { forceRefresh: true })
  expect(error).toBeUndefined()
  expect((await app.requests()).refresh_token).toBe(refreshes)
}

/** Starts the app, unless the page came back from the back-forward cache with its client. */
async function startsUnlessRestored(app: App, options: AppOptions) {
  await app.page.waitForFunction(() => 'carnet' in window)
  const isRestored = await app.page.evaluate(() => window.auth !== undefined)
  return isRestored ? undefined : app.starts(options)
}

/** The app in another page, or after the end of its page. */
export const appIn = (page: Page, world: World, options: AppOptions): App =>
  createApp(page, world, options)
