import {
  type CalendarEvent,
  type Message,
  parseEvents,
  parseMessages,
  textOf,
} from '../api/parse.ts'
import { BackendError } from './backend-error.ts'

/** A call of the backend, for the log. */
export interface BackendCall {
  readonly at: Date
  readonly method: string
  readonly path: string
  /** `undefined` if no answer came. */
  readonly status: number | undefined
}

/** The user of the session. */
export interface SessionUser {
  readonly name: string
  readonly username: string
}

/** The times of the session, and of the tokens that the server keeps. */
export interface SessionTimes {
  readonly createdOn: Date
  readonly expiresOn: Date
  /** `undefined` if the server needs a new token. */
  readonly tokenEndsOn: Date | undefined
}

export type BackendCalls = ReturnType<typeof createBackendCalls>

/**
 * The calls of the backend. The browser adds the session cookie; the page sends no token and has none.
 *
 * @param onCall Gets each call after its answer.
 */
export function createBackendCalls(onCall: (call: BackendCall) => void) {
  /** @throws BackendError */
  async function call(path: string, init: { method?: 'POST'; body?: string } = {}, note = onCall) {
    const headers = {
      Accept: 'application/json',
      // A form or a link of another site cannot send this header. Browsers without `Sec-Fetch-Site` need it.
      'X-Carnet-CSRF': '1',
      ...(init.body !== undefined && { 'Content-Type': 'application/json' }),
    }
    const noted = { at: new Date(), method: init.method ?? 'GET', path }
    const answer = await fetch(path, { ...init, headers }).catch((cause: unknown) => {
      note({ ...noted, status: undefined })
      throw new BackendError('offline', { cause })
    })
    note({ ...noted, status: answer.status })
    const body: unknown = await answer.json().catch(() => undefined)
    if (answer.ok) return body
    const code = textOf(body, 'error') ?? `status_${answer.status}`
    throw new BackendError(code, { loginUrl: textOf(body, 'loginUrl') })
  }

  return {
    /** @returns `undefined` if nobody is signed in. */
    async me(): Promise<SessionUser | undefined> {
      try {
        return userOf(await call('/me'))
      } catch (error) {
        if (error instanceof BackendError && error.code === 'no_session') return undefined
        throw error
      }
    },
    /** The log leaves this call out: it follows each call of an API. */
    times: async (): Promise<SessionTimes> => timesOf(await call('/status', {}, () => undefined)),
    events: async (): Promise<CalendarEvent[]> => parseEvents(await call('/api/calendar/events')),
    addEvent: (title: string, start: Date) =>
      call('/api/calendar/events', { method: 'POST', body: JSON.stringify({ title, start }) }),
    messages: async (): Promise<Message[]> => parseMessages(await call('/api/mail/messages')),
    /** Ends the session. @returns The URL of the sign-out at the provider. */
    logout: async (): Promise<string> =>
      textOf(await call('/logout', { method: 'POST' }), 'url') ?? '/',
  }
}

function userOf(body: unknown): SessionUser {
  const account = (body as { account?: unknown } | undefined)?.account
  const username = textOf(account, 'username') ?? ''
  return { name: textOf(account, 'name') ?? username, username }
}

function timesOf(body: unknown): SessionTimes {
  const date = (field: string) => new Date(textOf(body, field) ?? Number.NaN)
  const tokenEndsOn = date('accessTokenEndsOn')
  return {
    createdOn: date('createdOn'),
    expiresOn: date('expiresOn'),
    tokenEndsOn: Number.isNaN(tokenEndsOn.getTime()) ? undefined : tokenEndsOn,
  }
}
