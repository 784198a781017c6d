import { appendFileSync } from 'node:fs'
import { BINDING_APPS, ROUTERS } from '../../../scripts/binding-apps.mjs'
import { expect, storiesOf } from '../../bindings-world.ts'
import { playRound, USERS } from '../../guard-rounds.ts'

/** `npm run soak:guards` sets the number. By default, each way to a guarded page is tried once. */
const ROUNDS = Number(process.env.CARNET_ROUNDS ?? 6)

/** The longest time of a round, in which a busy machine still ends it. */
const ROUND_MS = 30_000

/** The bindings with the routers of their frameworks, and further routers. */
const apps = [
  ...BINDING_APPS.map((name) => ({ name, app: name, base: '' })),
  ...ROUTERS.map((name) => ({ name: `router ${name}`, app: 'routers', base: `${name}/` })),
]

for (const { name, app, base } of apps) {
  const story = storiesOf(app, base)
  story(
    `${name}: a guarded page is right after every sign-in`,
    { tag: '@thorough' },
    async ({ browser, served: { idp, url } }) => {
      story.setTimeout(ROUNDS * ROUND_MS)
      await idp.control.reset()
      await idp.control.changeSettings({ consent: 'skip' })
      const rounds = Array.from({ length: ROUNDS }, (_, index) => index).values()
      const durations: number[] = []
      const failures: string[] = []
      const playLane = async (user: (typeof USERS)[number]) => {
        for (const number of rounds)
          await playRound(browser, idp, url, number, user).then(
            (duration) => durations.push(duration),
            (error) => failures.push(error.message),
          )
      }
      await Promise.all(USERS.map(playLane))
      const sorted = durations.toSorted((one, other) => one - other)
      const row = { app: name, rounds: ROUNDS, right: sorted.length, medianMs: sorted[ROUNDS >> 1] }
      const { CARNET_SOAK_TABLE: table } = process.env
      if (table) appendFileSync(table, `${JSON.stringify(row)}\n`)
      expect(failures).toEqual([])
    },
  )
}
