import { BROKEN_HEADER } from './balancer.ts'
import type { Browser } from './browser.ts'
import type { Tally } from './tally.ts'

/** A request without an answer of the BFF to the question. It is counted; the user repeats the step. */
export class Interrupted extends Error {}

/** Creates the requests of a user to the BFF, which sort out the answers that are no answers to the question. */
export function createRequests({ visit, submit }: Browser, origin: string, tally: Tally) {
  async function checked(answer: Response): Promise<Response> {
    if (answer.status < 500) return answer
    const isBroken = answer.headers.has(BROKEN_HEADER)
    const body = isBroken ? undefined : await answer.json().catch(() => undefined)
    const outcome = isBroken
      ? '502 of the balancer: a machine was killed'
      : `${answer.status} ${body?.error}`
    const isClear = isBroken || (answer.status === 503 && answer.headers.has('retry-after'))
    if (isClear) tally.clear(outcome)
    else tally.unclear(outcome)
    throw new Interrupted(outcome)
  }

  return {
    send: async (path: string, init: RequestInit = {}) =>
      checked(await visit(`${origin}${path}`, init)),
    submit: async (page: Response, fields: Record<string, string>) =>
      checked(await submit(page, fields)),
    /** A request to the provider. */
    visit,
  }
}
