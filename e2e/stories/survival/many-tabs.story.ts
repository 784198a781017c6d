import { askAll, freshTab, HOUR_MS, tabsOfAlice } from '../../steps/many-tabs.ts'
import { ROUNDS, SCOPES } from '../../steps/survival.ts'
import { expect, story } from '../../world.ts'

const TABS = ROUNDS > 1 ? 12 : 4

story.use({ cookies: 'blocked' })

story(
  `${TABS} tabs, of which one ends in the middle of its refresh: none needs the user`,
  async ({ app }) => {
    story.setTimeout(60_000 + ROUNDS * 20_000)
    const tabs = await tabsOfAlice(app, TABS)
    for (let round = 1; round <= ROUNDS; round++) {
      await app.idp.control.changeSettings({ latencyMs: { token: 600 } })
      await Promise.all(tabs.map((tab) => tab.jumps(HOUR_MS)))
      await app.idp.control.resetStats()
      const [dying = app] = tabs.splice(1, 1)
      dying.asks(SCOPES).catch(() => undefined) // The page ends.
      await expect.poll(async () => (await dying.requests()).token).toBe(1)
      const asking = askAll(tabs)
      await (round % 2 === 0 ? dying.page.goto('about:blank') : dying.page.close())
      const answers = await asking
      expect(answers.map(({ error }) => error)).toEqual(tabs.map(() => undefined))
      expect(new Set(answers.map(({ answer }) => answer?.accessToken)).size).toBe(1)
      expect((await app.requests()).refresh_token).toBe(1)
      if (round % 2 === 0) await dying.page.close()
      await app.idp.control.changeSettings({ latencyMs: 0 })
      tabs.push(await freshTab(app))
    }
  },
)
