import { type Endpoint, endpoints } from './endpoints.ts'

/** A request to an endpoint, without its query and its body. */
export interface RequestRecord {
  /** The time of arrival, in milliseconds since the epoch. */
  readonly at: number
  readonly endpoint: Endpoint
  readonly method: string
  readonly path: string
  /** Absent until the response is sent. The faults set `hang` and `reset`. */
  status?: number | 'reset' | 'hang'
  readonly grantType?: string
  readonly prompt?: string
}

export interface Stats {
  counts: Record<Endpoint, number>
  tokenGrants: { authorization_code: number; refresh_token: number }
  /** The last 500 requests, oldest first. */
  requests: RequestRecord[]
}

const LONGEST_LIST = 500

export interface StatsStore {
  /** Counts a request when it arrives. The caller sets the status of the record later. */
  add(record: RequestRecord): RequestRecord
  snapshot(): Stats
  reset(): void
}

export function createStatsStore(): StatsStore {
  let stats = emptyStats()
  return {
    add(record) {
      stats.counts[record.endpoint] += 1
      const { grantType } = record
      if (grantType === 'authorization_code' || grantType === 'refresh_token') {
        stats.tokenGrants[grantType] += 1
      }
      stats.requests.push(record)
      if (stats.requests.length > LONGEST_LIST) stats.requests.shift()
      return record
    },
    snapshot: () => structuredClone(stats),
    reset() {
      stats = emptyStats()
    },
  }
}

function emptyStats(): Stats {
  return {
    counts: Object.fromEntries(endpoints.map((name) => [name, 0])) as Record<Endpoint, number>,
    tokenGrants: { authorization_code: 0, refresh_token: 0 },
    requests: [],
  }
}
