import { AuthError, type AuthErrorCode, isAuthError } from '@carnet/core'
import { type Http, isHandle, type KeptAnswer } from '@carnet/core/keeper'
import { flightLockOf } from '../journal/entry.ts'
import type { Redemption } from '../journal/redeem.ts'
import { ALIVE_WITHIN_MS, type Line } from './line.ts'
import type { KeeperAnswer, KeeperMessage, KeyAnswer, KeyQuestion } from './messages.ts'
import { onlyOnce } from './only-once.ts'
import { askAboutKey, createQuestions, type End } from './questions.ts'

/** The page waits this much longer for the worker than the timeout of the request. */
const GRACE_MS = 2000
/** A message that the worker sent before it ended may arrive a little later than the release of its lock. */
const LAST_WORDS_MS = 50

type Carried = KeptAnswer | undefined

/** The page's side of a worker that sends token requests. */
export interface Keeper {
  /** Sends token requests through the worker, if it runs, and all other requests directly. */
  readonly http: Http
  /**
   * Sends a redemption through the worker.
   *
   * @returns The answer; `undefined` if the worker has ended, or if another context has sent the request: read the journal.
   * `'none'` if there is no worker: nothing was sent.
   */
  carry(redemption: Redemption): Promise<Carried | 'none'>
  /** Asks about a key for DPoP; `undefined` if the worker cannot start. */
  askKey(question: KeyQuestion): Promise<KeyAnswer | undefined>
  /** True if this page can redeem the refresh token: a handle works only in its own worker. */
  holds(token: string): Promise<boolean>
  /** Connects to the worker. */
  start(): Promise<boolean>
  close(): void
}

/** Creates the keeper. If the worker cannot start, `onUnavailable` is called once. */
export function createKeeper(deps: {
  http: Http
  /** Connects to the worker. */
  connect: (hear: (message: KeeperMessage) => void) => Promise<Line>
  /** True if the worker holds the refresh tokens. */
  keeps: boolean
  /** True if other pages use the worker too: it may end without this page. */
  isShared: boolean
  timeoutMs: number
  onUnavailable: (cause: unknown) => void
}): Keeper {
  const { http, connect, keeps, isShared, timeoutMs, onUnavailable } = deps
  const { hear, ask } = createQuestions(keeps)
  /** The handles of the worker of this page. */
  const handles = new Set<string>()
  let starting: Promise<Line | undefined> | undefined
  /** True if the worker cannot reach the provider: its own policy forbids it, or the browser trusts the page only. */
  let isDeaf = false

  const tell = onlyOnce(onUnavailable)

  function start(): Promise<Line | undefined> {
    starting ??= connect(hear).catch((cause) => {
      tell(cause)
      return undefined
    })
    return starting
  }

  /** `undefined` if the worker shows no sign of life. */
  const askHeld = (line: Line, handle: string) =>
    ask<boolean | undefined>(
      line,
      { handle },
      ALIVE_WITHIN_MS,
      (end) => end(undefined),
      (message, end) => end(message.type === 'held' && message.isHeld),
    )

  /** The worker, with a sign of life: a worker that has ended starts again. */
  async function living(): Promise<Line | undefined> {
    const isNew = !starting
    const line = await start()
    // A worker that has just started is alive.
    if (!line || !isShared || isNew || (await askHeld(line, '')) !== undefined) return line
    line.close()
    starting = undefined
    return start()
  }

  const send = (line: Line, redemption: Redemption): Promise<Carried> =>
    ask<Carried>(
      line,
      redemption,
      redemption.timeoutMs + GRACE_MS,
      (end) => end(redemption.entry ? undefined : unresponsive()),
      answersTo(redemption, (handle) => handles.add(handle)),
    )

  return {
    async http(url, init) {
      const { body, headers, jkt } = init
      const line = body instanceof URLSearchParams ? await living() : undefined
      if (!line) return jkt === undefined ? http(url, init) : unresponsive()
      const request = { url, headers: [...new Headers(headers)], body: String(body), jkt }
      return toHttp((await send(line, { request, timeoutMs })) as KeptAnswer)
    },

    async carry(redemption) {
      // A worker of this page alone ends with it: the page sends its requests itself then.
      const line = !isDeaf && (keeps || isShared) ? await living() : undefined
      if (!line) return 'none'
      return send(line, redemption).catch(async (error: unknown): Promise<'none'> => {
        if (!isAuthError(error, 'offline')) throw error
        if (!(await isReached(redemption.request.url)))
          throw navigator.onLine ? new AuthError('network_error', error.message) : error
        isDeaf = true
        tell(new Error('The worker cannot reach the provider, but the page can.'))
        return 'none'
      })
    },

    async holds(token) {
      if (!isHandle(token)) return true
      if (!isShared) return handles.has(token)
      const line = await living()
      return line !== undefined && (await askHeld(line, token)) === true
    },

    // Without an answer, the worker has ended, or the browser was busy.
    askKey: async (question) =>
      (await askAboutKey(ask, await start(), question, ALIVE_WITHIN_MS)) ??
      askAboutKey(ask, await living(), question, ALIVE_WITHIN_MS),

    start: async () => (await start()) !== undefined,

    close() {
      void starting?.then((line) => line?.close())
      starting = Promise.resolve(undefined)
    },
  }
}

const unresponsive = () =>
  failed('worker_unresponsive', 'The worker that sends token requests did not answer.')

const failed = (code: AuthErrorCode, message: string): Promise<never> =>
  Promise.reject(new AuthError(code, message))

/** Settles a redemption by the answers of the worker, or when the worker has ended. */
const answersTo =
  ({ entry }: Redemption, onHandle: (handle: string) => void) =>
  (message: KeeperAnswer, end: End<Carried>): void => {
    if (message.type === 'answer') {
      if (message.answer.handle !== undefined) onHandle(message.answer.handle)
      end(message.answer)
    } else if (message.type === 'failure') end(failed(message.code, message.message))
    else if (message.type === 'taken') end(undefined)
    else if (entry)
      void released(flightLockOf(entry.key)).then(
        () => end(undefined),
        () => undefined, // Without Web Locks, only the limit ends the wait.
      )
  }

/** True if this page reaches the origin of `url`. The request carries no data. */
const isReached = (url: string): Promise<boolean> =>
  fetch(new URL(url).origin, {
    mode: 'no-cors',
    credentials: 'omit',
    signal: AbortSignal.timeout(ALIVE_WITHIN_MS),
  }).then(
    () => true,
    () => false,
  )

/** An answer in the form of `Http`. */
export const toHttp = ({ status, headers, body }: Omit<KeptAnswer, 'handle'>) => ({
  status,
  headers: new Headers(headers),
  body,
})

/** Resolves when no context holds the lock: the worker has finished, or it has ended. Rejects without Web Locks. */
async function released(name: string): Promise<void> {
  await navigator.locks.request(name, { mode: 'shared' }, () => undefined)
  await new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS))
}
