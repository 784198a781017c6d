import { type App, anotherTab } from '../../steps/app.ts'
import { answers, HOUR_MS, isRenewable, refreshes, SCOPES } from '../../steps/survival.ts'
import { expect, story } from '../../world.ts'

story.use({ cookies: 'blocked' })

const quiet = { renewal: { enabled: false } }

story(
  'A tab that was frozen in the middle of its refresh for two hours blocks no other tab, and replays no token',
  async ({ app }) => {
    await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', quiet)
    const other = await anotherTab(app)
    await other.starts(quiet)
    await refreshes(app)
    const thaw = await freeze(app)
    await other.jumps(HOUR_MS)
    const waiting = other.asks(SCOPES)
    await answers(app.idp)
    expect((await waiting).answer?.uniqueId).toBe('alice')
    expect((await other.requests()).refresh_token).toBe(1)
    await other.jumps(HOUR_MS)
    expect((await other.asks(SCOPES)).answer?.fromCache).toBe(false)
    await thaw()
    await app.jumps(HOUR_MS)
    expect((await app.asks(SCOPES)).error).toBeUndefined()
    await isRenewable(app, 3)
  },
)

/** Stops all script of a tab. The browser freezes hidden tabs only, so the story dispatches the events of a freeze. */
async function freeze({ page }: App): Promise<() => Promise<void>> {
  await page.evaluate(() => document.dispatchEvent(new Event('freeze')))
  const session = await page.context().newCDPSession(page)
  await session.send('Debugger.enable')
  await session.send('Debugger.pause')
  return async () => {
    await session.send('Debugger.disable')
    await page.evaluate(() => document.dispatchEvent(new Event('resume')))
  }
}
