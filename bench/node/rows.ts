import type { ServiceFigures } from './figures.ts'
import type { ServiceLibrary } from './services.ts'

interface Row {
  readonly label: string
  readonly measure: string
  readonly aspect: string
  /** Describes the goal for Carnet. */
  readonly goal: string
  /** The largest median that meets the goal; for `atLeast`, the smallest. */
  readonly limit: number
  readonly atLeast?: boolean
  readonly unit?: string
}

const row = (
  label: string,
  measure: string,
  aspect: string,
  goal: string,
  limit: number,
  more: Pick<Row, 'atLeast' | 'unit'> = {},
): Row => ({ label, measure, aspect, goal, limit, ...more })

const rows: readonly Row[] = [
  row('50 callers at once, empty cache', 'cold', '1 × 50 callers', '1', 1, { unit: 'requests' }),
  row('4 processes × 50 callers', 'cold', '4 × 50 callers', '1', 1, { unit: 'requests' }),
  row(
    'longest wait of 50 callers after `refresh_in`, provider 300 ms slow',
    'refresh',
    'wait (ms)',
    'no wait for the provider',
    100,
    { unit: 'ms' },
  ),
  row('requests of these callers', 'refresh', 'requests of 50 callers', '1', 1, {
    unit: 'requests',
  }),
  row(
    'failed calls of 50 after `refresh_in`, connection broken',
    'refresh',
    'failed calls of 50, connection broken',
    '0',
    0,
  ),
  row('40 concurrent writes from 4 processes: survive', 'writes', 'of 40 survive', '40', 40, {
    atLeast: true,
  }),
  row(
    '1,000 users at once: answers about another user',
    'users',
    'answers about another user',
    '0',
    0,
  ),
  row(
    '1,000 users at once: records with tokens of several users',
    'users',
    'records with tokens of several users',
    '0',
    0,
  ),
  row(
    'on-behalf-of from the cache: answers with the account (of 1)',
    'users',
    'account from the cache',
    '1',
    1,
    { atLeast: true },
  ),
  row(
    'hit from Redis with many records, p50',
    'redis',
    'p50 (µs)',
    'at most 1.5 × (GET + decryption)',
    Number.NaN,
    { unit: 'µs' },
  ),
  row('Redis stopped, then restarted empty: failed calls', 'outage', 'failed calls', '0', 0),
  row('the same: longest wait', 'outage', 'longest wait (ms)', 'no error, bounded', 5000, {
    unit: 'ms',
  }),
  row(
    'the same: token requests (20 tokens, 4 processes)',
    'outage',
    'token requests',
    'at most 1 for each token and process',
    80,
    { unit: 'requests' },
  ),
  row(
    'on-behalf-of with short assertions: growth of the heap for each',
    'heap',
    'growth by the second half (bytes per assertion)',
    'flat',
    200,
    { unit: 'bytes' },
  ),
  row('change of keys under load: failed calls', 'keys', 'failed calls', '0', 0),
  row('tokens in clear in a dump of Redis', 'keys', 'tokens in clear in Redis', '0', 0),
  row(
    '100 sessions, processes killed with -9: lost, grace period at the provider',
    'chaos',
    'sessions lost: killed with -9, provider with a grace period',
    '0',
    0,
  ),
  row(
    'the same, no grace period',
    'chaos',
    'sessions lost: killed with -9, provider without a grace period',
    'only requests on the way',
    Number.NaN,
  ),
  row(
    '100 sessions, processes frozen: lost, no grace period',
    'chaos',
    'sessions lost: frozen, provider without a grace period',
    'only requests on the way',
    Number.NaN,
  ),
]

/** The table of the figures, with the goals. */
export function serviceTable(figures: ServiceFigures): string {
  const cell = (library: ServiceLibrary | 'floor', { measure, aspect, unit = '' }: Row) => {
    const median = figures[measure]?.[aspect]?.[library]?.median
    return median === undefined ? '' : `${median.toLocaleString('en')} ${unit}`.trim()
  }
  const warm = Object.keys(figures.warm ?? {}).map((aspect) =>
    row(`warm hit, ${aspect.replace(/ \(µs\)$/, '')}`, 'warm', aspect, 'at most 5 µs', 5, {
      unit: 'µs',
    }),
  )
  const lines = [...rows, ...warm].map((one) => {
    const floor = cell('floor', one)
    const goal = floor === '' ? one.goal : `${one.goal}: ${floor}`
    return `| ${one.label} | ${cell('carnet', one)} | ${cell('msal-node', one)} | ${goal} | ${verdict(figures, one)} |`
  })
  return [
    '| | @carnet/node | @azure/msal-node | goal | |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n')
}

function verdict(figures: ServiceFigures, { measure, aspect, limit, atLeast }: Row): string {
  const of = figures[measure]?.[aspect]
  const own = of?.carnet?.median
  if (own === undefined) return ''
  const bound = of?.floor ? 1.5 * of.floor.median : limit
  if (Number.isNaN(bound)) return ''
  return (atLeast ? own >= bound : own <= bound) ? 'met' : '**missed**'
}
