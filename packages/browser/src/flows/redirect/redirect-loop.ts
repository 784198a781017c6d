import { AuthError, isAuthError, redirectCountName } from '@carnet/core'
import { type Guard, of, oneOf, optional, shape } from '@carnet/core/records'
import type { Context } from '../../context/context.ts'

/** Redirects within this time count together. With a page for the user, so many redirects take longer. */
export const LOOP_WINDOW_MS = 30_000
/** The number of redirects that one tab may make without an action of the user in the app. */
export const REDIRECTS_WITHOUT_USER = 5
/** The number of redirects with actions. Users are slower: this ends a loop whose pages only seem to be used. */
export const REDIRECTS_WITH_USER = 10

/** The redirects of one tab, as stored in `sessionStorage`. */
interface Redirects {
  /** The time of the first counted redirect, and the number of redirects since. */
  readonly sinceMs: number
  readonly count: number
  /** The same since the last action of the user in the app. */
  readonly idleSinceMs: number
  readonly idleCount: number
  /** The last redirect was refused. */
  readonly isRefused?: boolean | undefined
  /** The outcome of the last redirect: `none` yet, `success`, or an error code with the `error` parameter of the provider. */
  readonly answer?: { readonly code: string; readonly error?: string | undefined } | undefined
}

/** Ends a loop of redirects in this tab. */
export interface LoopBreaker {
  /**
   * Allows a redirect, or throws. Call it before the request is stored.
   *
   * @returns `leave` counts the redirect: call it when the page navigates. `trail` is the count as part of a `state`.
   * @throws AuthError `redirect_loop`
   */
  admit(): {
    leave(): void
    trail: string
  }
  /** Stores the result of a response of this tab, for the message of a later error. */
  answered<T>(state: string, completing: Promise<T>): Promise<T>
}

/**
 * Ends loops of redirects. One example is an app that signs in at each start, although the last response failed. Others are a
 * lost session, a token that no API accepts, and a sign-out at each start.
 *
 * It counts per tab and client in `sessionStorage`, which survives the navigation. If the browser refuses `sessionStorage`, it
 * refuses the storage of transactions too, so no redirect can succeed; then memory is enough. The `state` contains the count
 * too, because a page or a browser extension may clear all storage between two redirects.
 */
export function createLoopBreaker({
  config,
  page,
  platform,
}: Pick<Context, 'config' | 'page' | 'platform'>): LoopBreaker {
  const key = redirectCountName(config.mark)
  let inMemory: Redirects | undefined

  function read(): Redirects | undefined {
    const stored = parseRedirects(page.tabNote(key)) ?? inMemory
    const ageMs = platform.now() - (stored?.sinceMs ?? 0)
    return stored && ageMs >= 0 && ageMs < LOOP_WINDOW_MS ? stored : undefined
  }

  function write(redirects: Redirects): void {
    inMemory = redirects
    page.setTabNote(key, JSON.stringify(redirects))
  }

  /** The count for a redirect that starts now. */
  function current(): Redirects {
    const nowMs = platform.now()
    const none = { sinceMs: nowMs, count: 0, idleSinceMs: nowMs, idleCount: 0 }
    const seen = read()
    if (!seen || (seen.isRefused && page.wasUsed())) return none
    return page.wasUsed() ? { ...seen, idleSinceMs: nowMs, idleCount: 0 } : seen
  }

  /** Restores the count from the `state` of a response, if the storage of the tab was cleared. */
  function recall(state: string): void {
    const [, count, since] = TRAIL.exec(state) ?? []
    const isOurs = state.startsWith(config.mark)
    if (!isOurs || count === undefined || since === undefined || read()) return
    const [idleCount, idleSinceMs] = [Number.parseInt(count, 36), Number.parseInt(since, 36)]
    write({ sinceMs: idleSinceMs, count: idleCount, idleSinceMs, idleCount })
  }

  function note(answer: Redirects['answer']): void {
    const seen = read()
    if (seen) write({ ...seen, answer })
  }

  return {
    admit(): { leave(): void; trail: string } {
      const seen = current()
      if (seen.idleCount >= REDIRECTS_WITHOUT_USER || seen.count >= REDIRECTS_WITH_USER) {
        write({ ...seen, isRefused: true })
        throw loopError(seen, platform.now())
      }
      const { count, idleCount } = seen
      const answer = { code: 'none' }
      const next = { ...seen, count: count + 1, idleCount: idleCount + 1, answer }
      return {
        leave: () => write(next),
        trail: `.${next.idleCount.toString(36)}.${next.idleSinceMs.toString(36)}`,
      }
    },

    async answered<T>(state: string, completing: Promise<T>): Promise<T> {
      recall(state)
      try {
        const result = await completing
        note({ code: 'success' })
        return result
      } catch (error) {
        note(answerOf(error))
        throw error
      }
    },
  }
}

/** The end of a `state`: the count, and the time of the first redirect. */
const TRAIL = /\.([0-9a-z]{1,2})\.([0-9a-z]{1,9})$/

/** Keeps codes only: the provider's description may repeat request parameters. */
function answerOf(error: unknown): Redirects['answer'] {
  return isAuthError(error) ? { code: error.code, error: error.oauth?.error } : { code: 'unknown' }
}

function loopError({ sinceMs, count, idleSinceMs, idleCount, answer }: Redirects, nowMs: number) {
  const isIdle = idleCount >= REDIRECTS_WITHOUT_USER
  const seconds = Math.ceil((nowMs - (isIdle ? idleSinceMs : sinceMs)) / 1000)
  const often = `${isIdle ? idleCount : count} redirects within ${seconds} s`
  const user = isIdle ? ' without an action of the user' : ''
  const { code = 'none', error } = answer ?? {}
  const provider = error === undefined ? '' : `: the provider said "${error}"`
  const refusal =
    code === 'none'
      ? 'The last redirect got no response.'
      : `The last response ended with ${code}${provider}.`
  return new AuthError('redirect_loop', `This tab made ${often}${user}. ${refusal}`, {
    oauth: error === undefined ? undefined : { error },
  })
}

const integer: Guard = Number.isSafeInteger
/** The code goes into the message of an error. */
const code: Guard = (value) => typeof value === 'string' && /^[\w.-]{1,100}$/.test(value)

const redirectsOf = shape<Redirects>({
  sinceMs: integer,
  count: integer,
  idleSinceMs: integer,
  idleCount: integer,
  isRefused: optional(oneOf(true, false)),
  answer: optional(of(shape<NonNullable<Redirects['answer']>>({ code, error: optional(code) }))),
})

/** Parses the stored redirects. Any script of the origin may write there, so malformed values are ignored. */
function parseRedirects(note: string | undefined): Redirects | undefined {
  try {
    return redirectsOf(JSON.parse(note ?? 'null'))
  } catch {
    return undefined
  }
}
