import type { Platform } from '../platform/platform.ts'

/** A fake platform: `advance` moves the time, ids count up, and locks queue in memory. */
export function createFakePlatform(respond: (request: Request) => Response | Promise<Response>) {
  let nowMs = Date.UTC(2030, 0, 1)
  let ids = 0
  const tails = new Map<string, Promise<unknown>>()
  const requests: Request[] = []
  const logged: string[] = []

  const platform: Platform = {
    now: () => nowMs,
    monotonicMs: () => nowMs,
    trueTimeMs: async () => nowMs,
    randomId: () => `id-${++ids}`,
    async fetch(input, init) {
      const request = new Request(input, init)
      requests.push(request.clone())
      return respond(request)
    },
    withLock(name, work) {
      const turn = (tails.get(name) ?? Promise.resolve()).then(work)
      tails.set(
        name,
        turn.catch(() => undefined),
      )
      return turn
    },
    log: (level, message) => void logged.push(`${level}: ${message}`),
  }
  function advance(ms: number): void {
    nowMs += ms
  }
  return { ...platform, requests, logged, advance }
}
