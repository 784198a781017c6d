import type { Figures } from '../figures/figures.ts'
import { bytes, count, microseconds, times as ratio } from './format.ts'
import { lookUp } from './lookup.ts'

/** A goal of Carnet, with the measured value. */
export interface Goal {
  readonly name: string
  readonly value: number
  readonly limit: number
  /** The direction: the value must stay below the limit, or reach it. */
  readonly sense: 'at most' | 'at least'
  readonly write: (value: number) => string
}

/** The tolerated heap growth per 10,000 calls, because the heap always changes a little. */
const STILL_BYTES = 50_000

/** The goals for which there are figures. */
export function goalsOf(figures: Figures): Goal[] {
  const list = createGoalList(figures)
  addWarmHitGoals(list, figures)
  addLoadGoals(list)
  addSignInGoals(list, figures)
  addCostGoals(list)
  return list.goals
}

type GoalList = ReturnType<typeof createGoalList>

function createGoalList(figures: Figures) {
  const goals: Goal[] = []
  return {
    goals,
    /** The median of a figure. */
    of: (figure: string, condition: string, library: Parameters<typeof lookUp>[3]) =>
      lookUp(figures, figure, condition, library)?.median,
    /** Adds a goal, if the value was measured. */
    goal(
      name: string,
      value: number | undefined,
      sense: Goal['sense'],
      limit: number,
      write = ratio,
    ): void {
      if (value !== undefined) goals.push({ name, value, limit, sense, write })
    },
  }
}

function addWarmHitGoals({ of, goal }: GoalList, figures: Figures): void {
  const hit = of('warm.p50', '10', 'carnet')
  goal(
    'warm hit: msal-browser / Carnet',
    divide(of('warm.p50', '10', 'msal-browser'), hit),
    'at least',
    100,
  )
  goal(
    'warm hit: oidc-client-ts / Carnet',
    divide(of('warm.p50', '1', 'oidc-client-ts'), hit),
    'at least',
    1,
  )
  goal('warm hit, in Map reads', of('warm.mapReads', '10', 'carnet'), 'at most', 10)
  goal('warm hit, p99', of('warm.p99', '10', 'carnet'), 'at most', 20, microseconds)
  const hits = ['10', '1000', '10000'].flatMap((tokens) => of('warm.p50', tokens, 'carnet') ?? [])
  goal(
    'warm hit, 10 to 10,000 tokens: slowest / fastest',
    hits.length < 3 ? undefined : Math.max(...hits) / Math.min(...hits),
    'at most',
    1.5,
  )
  for (const [name, summary] of Object.entries(figures['ordinary.ratio'] ?? {}))
    if (name !== 'plain' && name !== 'its trace')
      goal(`warm hit with ${name} / plain`, summary.carnet?.median, 'at most', 1.5)
  goal(
    'warm hit, with its trace read: more than plain',
    of('trace.cost', '10', 'carnet'),
    'at most',
    1,
    microseconds,
  )
  goal(
    '`auth.fetch` with a token in memory: more than the bare `fetch`',
    of('api.overhead', '10', 'carnet'),
    'at most',
    30,
    microseconds,
  )
  goal(
    '`auth.fetch` with a bound token (DPoP): more than the bare `fetch`',
    of('api.overhead', 'bound', 'carnet'),
    'at most',
    500,
    microseconds,
  )
  goal(
    'first access to each of 10,000 tokens: Carnet / (IndexedDB get + decryption)',
    of('first.floors', '10000', 'carnet'),
    'at most',
    1.5,
  )
}

function addLoadGoals({ of, goal }: GoalList): void {
  const token = of('load.token', 'few', 'carnet')
  goal(
    'first token after a reload: Carnet / floor',
    divide(token, of('load.token', 'few', 'floor')),
    'at most',
    1.5,
  )
  goal(
    'first token after a reload: msal-browser / Carnet',
    divide(of('load.token', 'few', 'msal-browser'), token),
    'at least',
    1,
  )
}

function addSignInGoals({ of, goal }: GoalList, figures: Figures): void {
  for (const [condition, summary] of Object.entries(figures['signIn.requests'] ?? {})) {
    goal(`requests after the click: ${condition}`, summary.carnet?.median, 'at most', 2, count)
    if (!condition.includes('100 ms')) continue
    const ms = divide(of('signIn.ms', condition, 'carnet'), of('signIn.ms', condition, 'floor'))
    goal(`sign-in: Carnet / floor: ${condition}`, ms, 'at most', 1.1)
  }
  for (const condition of Object.keys(figures['signInAtOnce.ms'] ?? {})) {
    const floorMs = of('signInAtOnce.ms', condition, 'floor')
    // The floor has fixed endpoints. In a first sign-in, a library may need one more latency for the discovery document.
    const latencyMs = condition.endsWith('first') ? 100 : 0
    goal(
      `sign-in without waiting: Carnet / (floor${latencyMs > 0 ? ' + one latency' : ''}): ${condition}`,
      divide(
        of('signInAtOnce.ms', condition, 'carnet'),
        floorMs === undefined ? undefined : floorMs + latencyMs,
      ),
      'at most',
      1.1,
    )
  }
}

function addCostGoals({ of, goal }: GoalList): void {
  const computed = of('cpu.page', '3', 'carnet')
  goal(
    'CPU until ready, 3 tokens: Carnet / floor',
    divide(computed, of('cpu.page', '1', 'floor')),
    'at most',
    1.1,
  )
  goal(
    'CPU until ready, 10,000 tokens / 3',
    divide(of('cpu.page', '10000', 'carnet'), computed),
    'at most',
    1.2,
  )
  goal(
    'heap growth over 10,000 calls',
    of('memory.growth', '10000', 'carnet'),
    'at most',
    STILL_BYTES,
    bytes,
  )
}

const divide = (above: number | undefined, below: number | undefined) =>
  above === undefined || below === undefined ? undefined : above / below

export const isMet = ({ value, limit, sense }: Goal): boolean =>
  sense === 'at most' ? value <= limit : value >= limit

/** One line for each goal. */
export const goalLines = (figures: Figures): string =>
  goalsOf(figures)
    .map((goal) => {
      const { name, value, limit, sense, write } = goal
      return `${isMet(goal) ? 'pass' : 'MISS'}  ${name}: ${write(value)} (${sense} ${write(limit)})`
    })
    .join('\n')

/** The goals as a Markdown table. */
export const goalTable = (figures: Figures): string =>
  [
    '| goal | measured | wanted | |',
    '| --- | --- | --- | --- |',
    ...goalsOf(figures).map((goal) => {
      const { name, value, limit, sense, write } = goal
      return `| ${name} | ${write(value)} | ${sense} ${write(limit)} | ${isMet(goal) ? 'met' : '**missed**'} |`
    }),
  ].join('\n')
