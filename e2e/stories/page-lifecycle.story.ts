import { chromium, type Page } from '@playwright/test'
import { chromiumOptions } from '../../scripts/browser.mjs'
import { type App, anotherTab, createApp } from '../steps/app.ts'
import { expect, story } from '../world.ts'

const HOUR_MS = 3_600_000

const locksHeld = ({ page }: App) =>
  page.evaluate(async () => (await navigator.locks.query()).held?.length ?? 0)

story('A frozen tab that is resumed catches up before it answers', async ({ app }) => {
  await app.isSignedIn({ scopes: ['calendar.read'] })
  const other = await anotherTab(app)
  await other.starts()
  expect((await other.asks(['calendar.read'])).answer?.fromCache).toBe(true)
  const session = await other.page.context().newCDPSession(other.page)
  await session.send('Page.setWebLifecycleState', { state: 'frozen' })

  const renewed = await app.asks(['calendar.read'], { forceRefresh: true })
  await session.send('Page.setWebLifecycleState', { state: 'active' })
  const { answer } = await other.asks(['calendar.read'])
  expect(answer?.accessToken).toBe(renewed.answer?.accessToken)
  expect((await app.requests()).refresh_token).toBe(1)

  await session.send('Page.setWebLifecycleState', { state: 'frozen' })
  await app.calls('signOut', { interaction: 'none' })
  await session.send('Page.setWebLifecycleState', { state: 'active' })
  await expect.poll(() => other.page.evaluate(() => window.auth.accounts.length)).toBe(0)
  expect((await other.asks(['calendar.read'])).error).toMatchObject({ reason: 'no_account' })
})

/** A browser with its back-forward cache on, as people have it. */
async function browserOfPeople(url: string): Promise<{ page: Page; close(): Promise<void> }> {
  const browser = await chromium.launch({
    ...chromiumOptions(),
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })
  const page = await (await browser.newContext()).newPage()
  await page.goto(url)
  return { page, close: () => browser.close() }
}

story(
  'A page with a running client goes into the back-forward cache, and catches up out of it',
  async ({ world }) => {
    await world.idp.control.reset()
    const { page, close } = await browserOfPeople(world.bareUrl)
    const app = createApp(page, world)
    await app.isSignedIn({ scopes: ['calendar.read'] })
    const other = await anotherTab(app)
    await other.starts()
    await app.asks(['calendar.read'], { forceRefresh: true })
    expect(await locksHeld(app)).toBe(0)
    await page.evaluate(() =>
      addEventListener('pageshow', ({ persisted }) => Object.assign(window, { persisted })),
    )

    await page.goto(`${world.idp.issuer}/.well-known/openid-configuration`)
    const renewed = await other.asks(['calendar.read'], { forceRefresh: true })
    await page.goBack({ waitUntil: 'commit' })
    await expect
      .poll(() => page.evaluate(() => 'persisted' in window && window.persisted))
      .toBe(true)
    const { answer } = await app.asks(['calendar.read'])
    expect(answer?.accessToken).toBe(renewed.answer?.accessToken)
    await close()
  },
)

story('After close() no timer, no listener and no lock is left', async ({ app }) => {
  await app.page.addInitScript(() => {
    const timers = new Set<unknown>()
    const listeners = new Map<string, number>()
    Object.assign(window, { timers, listeners })
    const {
      setTimeout: start,
      clearTimeout: stop,
      setInterval: repeat,
      clearInterval: end,
    } = window
    const patched = {
      setTimeout(work: () => void, ms?: number) {
        const id = start(() => {
          timers.delete(id)
          work()
        }, ms)
        timers.add(id)
        return id
      },
      clearTimeout(id: number) {
        timers.delete(id)
        stop(id)
      },
      setInterval(work: () => void, ms?: number) {
        const id = repeat(work, ms)
        timers.add(id)
        return id
      },
      clearInterval(id: number) {
        timers.delete(id)
        end(id)
      },
    }
    Object.assign(window, patched)
    for (const target of [Window.prototype, Document.prototype] as EventTarget[]) {
      const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype
      const count = (type: string, by: number) =>
        listeners.set(type, (listeners.get(type) ?? 0) + by)
      Object.assign(target, {
        addEventListener(this: EventTarget, type: string, ...rest: [() => void]) {
          count(type, 1)
          return add.call(this, type, ...rest)
        },
        removeEventListener(this: EventTarget, type: string, ...rest: [() => void]) {
          count(type, -1)
          return remove.call(this, type, ...rest)
        },
      })
    }
  })
  await app.page.reload()
  await app.isSignedIn({ scopes: ['calendar.read'] })
  await app.asks(['calendar.read'], { forceRefresh: true })
  const open = () =>
    app.page.evaluate(() => {
      const { timers, listeners } = window as unknown as {
        timers: Set<unknown>
        listeners: Map<string, number>
      }
      const kept = [...listeners].filter(([, count]) => count !== 0)
      return { timers: timers.size, listeners: Object.fromEntries(kept) }
    })
  expect((await open()).timers).toBeGreaterThan(0) // The renewal is planned.

  await app.page.evaluate(() => window.auth.close())
  await expect.poll(open).toEqual({ timers: 0, listeners: {} })
  expect(await locksHeld(app)).toBe(0)
})

story('The forecast says until when silence lasts', async ({ app }) => {
  await app.isSignedIn({ scopes: ['calendar.read'] })
  await app.asks(['calendar.read'])
  const forecast = await app.page.evaluate(() => window.auth.forecast())
  expect(forecast.cause).toBe('unknown') // This provider does not say when its refresh tokens end.
  expect(forecast.accessTokenEndsOn?.getTime()).toBeGreaterThan(Date.now() + HOUR_MS / 2)
  const planned = await app.page.evaluate(() => window.auth.renewals)
  expect(planned).toMatchObject([{ scopes: ['calendar.read'] }])
})

story('The app is told ahead when silence ends', async ({ app }) => {
  await app.idp.control.addFault({
    endpoint: 'token',
    fault: { kind: 'tokenResponse', set: { refresh_token_expires_in: 3600 } },
  })
  await app.page.clock.install()
  await app.isSignedIn({ scopes: ['calendar.read'] })
  await app.page.evaluate(() => {
    window.heard = []
    window.auth.on('interactionExpected', () => window.heard.push({ name: 'expected' }))
  })
  await app.page.clock.runFor(50 * 60_000)
  expect(await app.page.evaluate(() => window.heard)).toEqual([])
  await app.page.clock.runFor(6 * 60_000)
  await expect.poll(() => app.page.evaluate(() => window.heard)).toEqual([{ name: 'expected' }])
  await app.page.clock.runFor(2 * 60_000)
  expect(await app.page.evaluate(() => window.heard)).toHaveLength(1)
})

story(
  'The provider says when it would like a token renewed, and that is the plan',
  async ({ app }) => {
    await app.idp.control.addFault({
      endpoint: 'token',
      fault: { kind: 'tokenResponse', set: { refresh_in: 600 } },
    })
    await app.isSignedIn({ scopes: ['calendar.read'] })
    const { answer } = await app.asks(['calendar.read'])
    expect(answer?.refreshOn).toBeDefined()
    const [planned] = await app.page.evaluate(() => window.auth.renewals)
    const inSeconds = ((planned?.renewOn.getTime() ?? 0) - Date.now()) / 1000
    expect(inSeconds).toBeGreaterThan(580)
    expect(inSeconds).toBeLessThan(920)
  },
)

story(
  'While the provider is down, a token may serve beyond its time where that was said',
  async ({ app }) => {
    await app.idp.control.addFault({
      endpoint: 'token',
      fault: { kind: 'tokenResponse', set: { ext_expires_in: 7200 } },
    })
    await app.isSignedIn({ scopes: ['calendar.read'] })
    await app.jumps(HOUR_MS)
    await app.idp.control.addFault({
      endpoint: 'token',
      fault: { kind: 'respond', status: 503, body: 'down' },
    })
    const beyond = await app.asks(['calendar.read'])
    expect(beyond.answer?.fromCache).toBe(true)
    // It is up again: the next token is a new one, by the caller or by the renewer before it.
    await expect
      .poll(async () => (await app.asks(['calendar.read'])).answer?.accessToken)
      .not.toBe(beyond.answer?.accessToken)
  },
)
