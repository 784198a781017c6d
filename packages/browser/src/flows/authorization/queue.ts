import { type Account, AuthError, abortedError, accountKey, stopWaitingOn } from '@carnet/core'
import type { Context } from '../../context/context.ts'
import { sharedOnPage, shareOnPage } from '../../startup/page/shared-on-page.ts'

/** The connection between a running interaction and its callers. */
export interface Turn {
  /** Aborts when the last caller has aborted, or with the reason of `end`. */
  readonly signal: AbortSignal
  /** Ends the interaction for all callers. */
  end(reason: AuthError): void
  /** Calls back, in the caller's user gesture, when another caller makes the same request. */
  onJoined(callback: () => void): void
  /** Lets another request start in a user gesture while `isOutOfReach` is true: the popup may be unreachable. */
  yieldWhile(isOutOfReach: () => boolean): void
}

interface Flight {
  readonly work: Promise<unknown>
  readonly cancel: AbortController
  /** The number of waiting callers. */
  callers: number
  joined: () => void
}

/**
 * Runs the interactions of one page, one at a time. The first starts synchronously, so that its popup opens in the user
 * gesture.
 *
 * @param key A request with the key of a running interaction joins it; another request waits.
 * @param signal Ends the wait of this caller only. The interaction ends when its last caller has aborted.
 * @param atOnce The interaction needs no user: it joins, but does not wait.
 * @returns The result of `work`. Rejects with the error of `work`, or with an `aborted` error.
 */
export type Enqueue = <T>(
  key: string,
  signal: AbortSignal | undefined,
  work: (turn: Turn) => Promise<T>,
  atOnce?: boolean,
) => Promise<T>

/** Creates the queue of one page. */
export function createInteractionQueue(): Enqueue {
  const flights = new Map<string, Flight>()
  /** Releases the turn of the running interaction, if its popup may be unreachable. */
  let makeWay = () => {}
  let last: Promise<unknown> | undefined

  function start<T>(key: string, work: (turn: Turn) => Promise<T>, atOnce: boolean): Flight {
    const cancel = new AbortController()
    const { signal } = cancel
    let joined = () => {}
    let free = () => {}
    const over = new Promise<void>((resolve) => {
      free = resolve
    })
    signal.addEventListener('abort', free)
    const begin = () => {
      let isOutOfReach = () => false
      if (!atOnce) makeWay = () => isOutOfReach() && free()
      return work({
        signal,
        end: (reason) => cancel.abort(reason),
        onJoined: (callback) => {
          joined = callback
        },
        yieldWhile: (callback) => {
          isOutOfReach = callback
        },
      })
    }
    const whenItsTurn = async (): Promise<T> => {
      await last
      signal.throwIfAborted()
      return begin()
    }
    const running = last === undefined || atOnce ? begin() : whenItsTurn()
    const flight: Flight = { work: running, cancel, callers: 0, joined: () => joined() }
    flights.set(key, flight)
    running
      .catch(() => undefined)
      .finally(() => {
        if (flights.get(key) === flight) flights.delete(key)
        free()
      })
    if (atOnce) return flight
    const turn: Promise<unknown> = Promise.all([last, over]).then(() => {
      if (last === turn) last = undefined
    })
    last = turn
    return flight
  }

  return function enqueue<T>(
    key: string,
    signal: AbortSignal | undefined,
    work: (turn: Turn) => Promise<T>,
    atOnce = false,
  ): Promise<T> {
    if (signal?.aborted) return Promise.reject(abortedError(signal))
    const running = flights.get(key)
    if (running) running.joined()
    else if (globalThis.navigator?.userActivation?.isActive) makeWay()
    const flight = running ?? start(key, work, atOnce)
    flight.callers += 1
    const gone = () => leave(key, flight)
    signal?.addEventListener('abort', gone, { once: true })
    const forget = () => signal?.removeEventListener('abort', gone)
    flight.work.then(forget, forget)
    return stopWaitingOn(signal, flight.work as Promise<T>)
  }

  /** Removes a caller. The interaction is aborted when its last caller leaves. */
  function leave(key: string, flight: Flight): void {
    flight.callers -= 1
    if (flight.callers > 0) return
    if (flights.get(key) === flight) flights.delete(key)
    flight.cancel.abort(new AuthError('aborted', 'The request was aborted by its signal.'))
  }
}

/** The fields of a request that differ between equal requests: signal, ids, and accounts, whose ids are compared. */
interface Callers {
  readonly signal?: AbortSignal | undefined
  readonly correlationId?: string | undefined
  readonly account?: Account | undefined
  readonly addsTo?: Account | undefined
}

/**
 * Runs the interactions of one client in the queue of its page.
 *
 * @param interaction The kind of the interaction. Requests of two kinds never join.
 * @param request Requests with equal fields join. Signals and correlation ids do not count.
 * @param atOnce The interaction needs no user: it joins, but does not wait.
 * @returns The result of `work`, the same for all joined callers. Rejects like `Enqueue`.
 */
export type InteractionQueue = <T>(
  interaction: string,
  request: Callers,
  work: (turn: Turn) => Promise<T>,
  atOnce?: boolean,
) => Promise<T>

/** One queue per client for all copies of the library on this page: two copies that sign in at once start one redirect. */
function queueOfPage(mark: string): Enqueue {
  const there = sharedOnPage('queue1', mark)
  if (typeof there === 'function') return there as Enqueue
  const enqueue = createInteractionQueue()
  shareOnPage('queue1', mark, enqueue)
  return enqueue
}

/**
 * The queue of this page for a client. A second `createAuthClient` shares it. With the same options and the same store, its
 * requests join too.
 */
export function interactionQueueOf(
  { config, platform }: Pick<Context, 'config' | 'platform'>,
  catchUp: () => Promise<void>,
): InteractionQueue {
  const { authority, cache, mark, redirectUri } = config
  const enqueue = queueOfPage(mark)
  const isShared = cache.location === 'indexeddb' && !cache.store
  const own = [authority, redirectUri, isShared ? '' : platform.randomId()]

  return async <T>(
    interaction: string,
    { signal, correlationId: _, addsTo, account, ...asked }: Callers,
    work: (turn: Turn) => Promise<T>,
    atOnce?: boolean,
  ): Promise<T> => {
    const fields = Object.entries({
      ...asked,
      account: account && accountKey(account),
      // The account of a request without `account`.
      addsTo: addsTo && accountKey(addsTo),
    })
    const given = fields.filter(([, value]) => value !== undefined).sort()
    let isOwn = false
    const inTurn = (turn: Turn) => {
      isOwn = true
      return work(turn)
    }
    const key = JSON.stringify([...own, interaction, given])
    const result = await enqueue(key, signal, inTurn, atOnce)
    if (!isOwn) await catchUp()
    return result
  }
}
