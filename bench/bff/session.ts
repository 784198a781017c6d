import type { createRequests } from './answers.ts'
import type { Tally } from './tally.ts'

/** A user, and the requests of its browser. */
export interface UserParts {
  readonly username: string
  readonly issuer: string
  readonly tally: Tally
  readonly requests: ReturnType<typeof createRequests>
}

/** `unknown`: a machine was killed in a sign-out, so the session may have ended or not. */
export type SessionState = 'none' | 'signed in' | 'unknown'

export type UserSession = ReturnType<typeof createSession>

/** The steps of a user that need a session, or begin one. */
export function createSession({ username, issuer, tally, requests }: UserParts) {
  let state: SessionState = 'none'

  async function signIn(): Promise<void> {
    const returnTo = `/?user=${username}`
    let page = await requests.send(`/login?returnTo=${encodeURIComponent(returnTo)}`)
    if (page.url.startsWith(issuer))
      page = await requests.submit(page, { action: 'continue', account: username })
    const text = await page.text()
    const { pathname, search, searchParams } = new URL(page.url)
    const error = searchParams.get('error')
    // A machine that was killed at the end of a sign-in has used its transaction.
    if (error !== null) return tally.clear(`a sign-in to repeat: ${error}`)
    if (pathname + search !== returnTo || !text.includes('Sign out'))
      return tally.unclear(`a sign-in ended at ${page.status} ${pathname}`)
    state = 'signed in'
    tally.count('sign-ins')
    await readMe()
  }

  async function readMe(): Promise<void> {
    const answer = await requests.send('/me')
    const body = await answer.json()
    if (!isExpected(answer, body)) return
    if (body.account.username !== `${username}@example.com`) tally.count('foreign answers')
  }

  async function callApi(): Promise<void> {
    const answer = await requests.send('/api/events')
    const body = await answer.json()
    if (!isExpected(answer, body)) return
    tally.count('calls of the API')
    const isOwn = ({ title }: { title?: string }) => title?.endsWith(`(${username})`)
    if (body.length === 0 || !body.every(isOwn)) tally.count('foreign answers')
  }

  /** True for a success. A session that has ended without a sign-out is lost. */
  function isExpected({ status }: Response, body: { error?: string }): boolean {
    // On a busy machine a call may take longer than its token lives. The session is still there.
    if (status === 401 && body.error === 'invalid_token') {
      tally.clear('401 of the API: the token expired on the way')
      return false
    }
    if (status === 401 && state === 'signed in') {
      tally.count('sessions lost')
      console.log(`lost: ${username}, ${JSON.stringify(body)}`)
    }
    if (status !== 200 && status !== 401) tally.unclear(`${status} ${body.error}`)
    if (status === 200) state = 'signed in'
    if (status === 401) state = 'none'
    return status === 200
  }

  return {
    signIn,
    readMe,
    callApi,
    state: () => state,
    set: (next: SessionState) => {
      state = next
    },
  }
}
