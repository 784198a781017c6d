/** The requests that arrived at the other origin, which must never receive a token. */
export interface OtherOriginReport {
  requests: number
  /** The number of requests with an `Authorization` header. */
  authorization: number
  /** The number of requests with a `DPoP` header. */
  dpop: number
  /** The last 500 requests. Tokens are not recorded. */
  received: { method: string; path: string; authorization: boolean; dpop: boolean }[]
}

export interface OtherOriginStats {
  add(request: OtherOriginReport['received'][number]): void
  snapshot(): OtherOriginReport
  reset(): void
}

const LONGEST_LIST = 500

export function createOtherOriginStats(): OtherOriginStats {
  let report = empty()
  return {
    add(request) {
      report.requests += 1
      if (request.authorization) report.authorization += 1
      if (request.dpop) report.dpop += 1
      report.received.push(request)
      if (report.received.length > LONGEST_LIST) report.received.shift()
    },
    snapshot: () => structuredClone(report),
    reset() {
      report = empty()
    },
  }
}

const empty = (): OtherOriginReport => ({ requests: 0, authorization: 0, dpop: 0, received: [] })
