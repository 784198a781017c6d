import { setTimeout as sleep } from 'node:timers/promises'
import { createRequests, Interrupted } from './answers.ts'
import { createBrowser } from './browser.ts'
import { createEndings } from './endings.ts'
import { createSession } from './session.ts'
import type { Tally } from './tally.ts'

/** The longest pause of a user between two steps. */
const LONGEST_PAUSE_MS = 8000
/** The shares of the steps of a signed-in user. The others are calls of the API. */
const SHARES = { readMe: 0.1, forge: 0.05, signOut: 0.05, backChannel: 0.04 }

export interface SoakUser {
  readonly username: string
  readonly origin: string
  readonly issuer: string
  readonly tally: Tally
}

/**
 * A user with a browser. The user signs in, calls the API, signs out, and is signed out by the provider, in a random order.
 *
 * @returns `run` until the signal aborts, and a last check of the session.
 */
export function createSoakUser({ username, origin, issuer, tally }: SoakUser) {
  const requests = createRequests(createBrowser(), origin, tally)
  const user = { username, issuer, tally, requests }
  const session = createSession(user)
  const endings = createEndings(user, session)

  async function forge(): Promise<void> {
    const init = { method: 'POST', headers: { 'sec-fetch-site': 'same-site' } }
    const { status } = await requests.send('/logout', init)
    tally.count(status === 403 ? 'forged calls refused' : 'forged calls answered')
  }

  function nextStep(): () => Promise<void> {
    if (session.state() === 'none') return session.signIn
    if (session.state() === 'unknown') return session.readMe
    const steps = { readMe: session.readMe, forge, ...endings }
    let left = Math.random()
    for (const [name, step] of Object.entries(steps)) {
      left -= SHARES[name as keyof typeof SHARES]
      if (left < 0) return step
    }
    return session.callApi
  }

  async function take(step: () => Promise<void>): Promise<void> {
    try {
      await tally.timed(step())
    } catch (error) {
      if (!(error instanceof Interrupted)) tally.unclear(`no answer: ${String(error)}`)
    }
  }

  return {
    async run(until: AbortSignal): Promise<void> {
      while (!until.aborted) {
        await sleep(Math.random() * LONGEST_PAUSE_MS)
        await take(nextStep())
      }
    },
    /** Uses the session once more. @returns `undefined` without a session; false if it is lost. */
    async isAlive(): Promise<boolean | undefined> {
      if (session.state() !== 'signed in') return undefined
      await take(session.callApi)
      return session.state() === 'signed in'
    },
  }
}
