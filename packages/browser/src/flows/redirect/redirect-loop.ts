import { AuthError, isAuthError, redirectCountName } from '@carnet/core'
import { type Guard, of, oneOf, optional, shape } from '@carnet/core/records'
import type { Runtime } from '../../context/runtime.ts'

/** Redirects count together within this time. A provider that shows a page takes longer to bring a user back so often. */
export const LOOP_WINDOW_MS = 30_000
/** So many redirects of one tab may follow each other while its user does nothing in the app. */
export const REDIRECTS_WITHOUT_USER = 5
/** No user acts more often: this ends a loop whose pages only look as if somebody used them. */
export const REDIRECTS_WITH_USER = 10

/** The redirects of one tab, as `sessionStorage` keeps them. */
interface Redirects {
  /** The first redirect that counts, and how many there were since. */
  readonly sinceMs: number
  readonly count: number
  /** The same, since the user did something in the app. */
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
   * Lets a redirect start, or not. Call it before anything is written down.
   *
   * @returns `leave` notes the redirect: call it when the page navigates. `trail` is the count as part of a `state`.
   * @throws AuthError `redirect_loop`
   */
  admit(): {
    leave(): void
    trail: string
  }
  /** Notes what comes of a response that came to this tab, for the message of a later error. */
  answered<T>(state: string, completing: Promise<T>): Promise<T>
}

/**
 * Ends loops of redirects: an app that signs in at each start although the response failed, a session that is lost on
 * the way, a token that never satisfies, a sign-out at each start.
 *
 * It counts per tab and client, in `sessionStorage`, which survives the navigation. Where the browser refuses that, it refuses the
 * storage of transactions too, so that no redirect can return to a session; memory is enough then. The count also travels in
 * the `state`, because a page, or an extension of the browser, may clear all storage on the way.
 */
export function createLoopBreaker({
  config,
  page,
  platform,
}: Pick<Runtime, 'config' | 'page' | 'platform'>): LoopBreaker {
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

  /** The count as it is for a redirect that starts now. */
  function current(): Redirects {
    const nowMs = platform.now()
    const none = { sinceMs: nowMs, count: 0, idleSinceMs: nowMs, idleCount: 0 }
    const seen = read()
    if (!seen || (seen.isRefused && page.wasUsed())) return none
    return page.wasUsed() ? { ...seen, idleSinceMs: nowMs, idleCount: 0 } : seen
  }

  /** Takes up the count from the `state` of a response, where the storage of the tab was cleared. */
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

/** At the end of a `state`: the count, and since when. */
const TRAIL = /\.([0-9a-z]{1,2})\.([0-9a-z]{1,9})$/

/** Codes only: a description is a text of the provider, and may repeat what it was sent. */
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
  const said =
    code === 'none'
      ? 'No response came to the last one.'
      : `The last response ended with ${code}${provider}.`
  return new AuthError('redirect_loop', `This tab made ${often}${user}. ${said}`, {
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

/** Any script of the origin may write there: a note that this module did not write counts as nothing. */
function parseRedirects(note: string | undefined): Redirects | undefined {
  try {
    return redirectsOf(JSON.parse(note ?? 'null'))
  } catch {
    return undefined
  }
}
