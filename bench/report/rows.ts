import type { Figures } from '../figures/figures.ts'
import type { Library } from '../figures/libraries.ts'
import { bytes, count, microseconds, milliseconds } from './format.ts'
import { type Condition, lookUp } from './lookup.ts'

/** A row of the tables. */
export interface Row {
  readonly label: string
  /** True if the README of the project shows the row too. */
  readonly headline: boolean
  cell(figures: Figures, library: Library): string
}

/** Few tokens: three, or one if the library holds only one. */
const FEW: Condition = { carnet: '3', 'msal-browser': '3', 'oidc-client-ts': '1', floor: '1' }
const TEN: Condition = { ...FEW, carnet: '10', 'msal-browser': '10' }

const NOTHING = ''

const yesOrNo = (value: number) => (value === 1 ? 'yes' : 'no')

function row(
  label: string,
  figure: string,
  condition: Condition,
  write: (value: number) => string,
  headline = false,
): Row {
  return {
    label,
    headline,
    cell(figures, library) {
      const found = lookUp(figures, figure, condition, library)
      return found ? write(found.median) : NOTHING
    },
  }
}

/** Shows the lower limit of the machine in the column of the floor. */
const withFloor = (inner: Row, name: string): Row => ({
  ...inner,
  cell(figures, library) {
    const found = library === 'floor' && figures.physics?.[name]?.floor
    return found ? microseconds(found.median) : inner.cell(figures, library)
  },
})

/** Shows the maximum number of tokens if the library cannot hold more. */
const withLimit = (inner: Row, tokens: string): Row => ({
  ...inner,
  cell(figures, library) {
    if (!figures['warm.p50']) return NOTHING
    const held = figures['cache.holds']?.[tokens]?.[library]
    if (held) return `holds ${count(held.median)}`
    return library === 'oidc-client-ts' ? 'holds 1' : inner.cell(figures, library)
  },
})

/** Shows requests, failures and time in one cell. */
function expiredRow(label: string, condition: string): Row {
  return {
    label,
    headline: true,
    cell(figures, library) {
      const requests = lookUp(figures, 'expired.requests', condition, library)
      const failures = lookUp(figures, 'expired.failures', condition, library)
      const ms = lookUp(figures, 'expired.ms', condition, library)
      if (!requests || !failures || !ms) return NOTHING
      const asked = `${count(requests.median)} request${requests.median === 1 ? '' : 's'}`
      return `${asked}, ${count(failures.median)} failed, ${milliseconds(ms.median)}`
    },
  }
}

function signInRow(way: string, latencyMs: number, times: string, headline: boolean): Row {
  const condition = `${way}, ${latencyMs} ms, ${times}`
  return {
    label: `sign-in by ${way}, latency ${latencyMs} ms, ${times === 'first' ? 'the first time' : 'after a sign-out'}`,
    headline,
    cell(figures, library) {
      const ms = lookUp(figures, 'signIn.ms', condition, library)
      const requests = lookUp(figures, 'signIn.requests', condition, library)
      if (!ms || !requests) return NOTHING
      return `${milliseconds(ms.median)}, ${count(requests.median)} requests`
    },
  }
}

const signInRows = ['redirect', 'popup'].flatMap((way) =>
  [0, 100].flatMap((latencyMs) =>
    ['first', 'again'].map((times) =>
      signInRow(way, latencyMs, times, latencyMs === 100 && times === 'first'),
    ),
  ),
)

const atOnceRows = ['redirect', 'popup'].flatMap((way) =>
  ['first', 'again'].map((times) =>
    row(
      `sign-in by ${way} without waiting, latency 100 ms, ${times === 'first' ? 'the first time' : 'after a sign-out'}`,
      'signInAtOnce.ms',
      `${way}, 100 ms, ${times}`,
      milliseconds,
      times === 'first',
    ),
  ),
)

/** The rows of `ordinaryCalls` of the adapter. */
const ordinaryRows = [
  'a signal',
  'state and returnTo',
  'an undefined field',
  'a held account',
  'a copy of the account',
  "interaction: 'popup'",
].map((name) => row(`warm hit with ${name}, p50`, 'ordinary.p50', name, microseconds))

export const rows: readonly Row[] = [
  withFloor(row('warm silent hit, p50', 'warm.p50', TEN, microseconds, true), 'mapRead'),
  row('warm silent hit, p99', 'warm.p99', TEN, microseconds, true),
  withLimit(row('p50 with 1,000 tokens cached', 'warm.p50', '1000', microseconds), '1000'),
  row('p99 with 1,000 tokens cached', 'warm.p99', '1000', microseconds),
  withLimit(row('p50 with 10,000 tokens cached', 'warm.p50', '10000', microseconds, true), '10000'),
  row('p99 with 10,000 tokens cached', 'warm.p99', '10000', microseconds),
  row('warm `acquireToken`, p50', 'ordinary.p50', 'plain', microseconds),
  ...ordinaryRows,
  row('`auth.fetch` beyond the bare `fetch`, p50', 'api.overhead', TEN, microseconds, true),
  row(
    'DPoP: `auth.fetch` beyond the bare `fetch`, p50',
    'api.overhead',
    'bound',
    microseconds,
    true,
  ),
  row('first access to each of 10,000 tokens, p50', 'first.p50', '10000', microseconds, true),
  row('client ready, empty cache', 'load.ready', 'empty', milliseconds),
  row('client ready, full cache', 'load.ready', 'few', milliseconds, true),
  row('first token after a reload', 'load.token', 'few', milliseconds, true),
  row('client ready, many tokens', 'load.ready', 'many', milliseconds),
  row('first token after a reload, many tokens', 'load.token', 'many', milliseconds),
  row('client ready, since the navigation', 'load.readySinceNavigation', 'few', milliseconds),
  row('first token, since the navigation', 'load.tokenSinceNavigation', 'few', milliseconds),
  row('main-thread CPU until ready, whole page', 'cpu.page', FEW, milliseconds, true),
  row('main-thread CPU until ready, script', 'cpu.script', FEW, milliseconds),
  row('the same with 10,000 tokens, whole page', 'cpu.page', '10000', milliseconds),
  row('heap growth over 10,000 silent calls', 'memory.growth', '10000', bytes, true),
  ...signInRows,
  ...atOnceRows,
  expiredRow('50 calls at once, expired token', 'calls'),
  expiredRow('6 tabs at once, expired token', 'tabs'),
  row('session survives a reload during a refresh', 'survival.sessions', 'reload', yesOrNo, true),
]
