import type { Tally } from './tally.ts'

/** The figures of a soak of a BFF. */
export interface BffSoakFigures {
  readonly minutes: number
  readonly machines: number
  readonly users: number
  readonly kills: number
  readonly renewals: number
  readonly alive: number
  readonly tally: Tally
}

/** The figures as a table of Markdown. */
export function soakTable(figures: BffSoakFigures): string {
  const { minutes, machines, users, kills, renewals, alive, tally } = figures
  const counted = [
    'sign-ins',
    'calls of the API',
    'sign-outs',
    'back-channel logouts',
    'forged calls refused',
    'forged calls answered',
    'foreign answers',
    'sessions lost',
    'sessions that outlived a sign-out',
    'logout tokens lost on the way',
  ] as const
  const rows: readonly (readonly [string, string])[] = [
    ['minutes', inWords(minutes)],
    ['machines, users', `${machines}, ${users}`],
    ['kills with -9', inWords(kills)],
    ...counted.map((what) => [what, inWords(tally.of(what))] as const),
    ['renewals at the provider', inWords(renewals)],
    ['sessions that worked at the end', inWords(alive)],
    ['longest step of a user', `${(tally.longestMs() / 1000).toFixed(1)} s`],
    ['outcomes that the user repeats', listOf(tally.clearOutcomes())],
    ['unclear outcomes', listOf(tally.unclearOutcomes())],
  ]
  const lines = rows.map(([name, value]) => `| ${name} | ${value} |`)
  return ['| figure | value |', '| --- | --- |', ...lines].join('\n')
}

const inWords = (count: number) => count.toLocaleString('en')

const listOf = (counts: ReadonlyMap<string, number>) =>
  counts.size === 0 ? '0' : [...counts].map(([what, count]) => `${count} × ${what}`).join('; ')
