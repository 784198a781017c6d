import { type Account, AuthError, abortedError, accountKey, stopWaitingOn } from '@carnet/core'
import type { Runtime } from '../../context/runtime.ts'
import { sharedOnPage, shareOnPage } from '../../startup/shared-on-page.ts'

/** What an interaction that runs can hear of its callers, and tell of itself. */
export interface Turn {
  /** Aborts when the last caller has gone, or with the reason of `end`. */
  readonly signal: AbortSignal
  /** Ends the interaction, whoever waits for it. */
  end(reason: AuthError): void
  /** Calls back, within the caller's gesture, when another caller asks for the same. */
  onJoined(callback: () => void): void
  /** Lets others go first, in a gesture of the user, while the interaction may wait for nobody. */
  yieldWhile(isOutOfReach: () => boolean): void
}

interface Flight {
  readonly work: Promise<unknown>
  readonly cancel: AbortController
  /** How many callers still wait. */
  callers: number
  joined: () => void
}

/**
 * Runs the interactions of one page, one at a time. The first starts before this returns, so that its window opens in the
 * user's gesture.
 *
 * @param key A request with the key of a running one joins that one; another waits its turn.
 * @param signal Ends the waiting of this caller only. The interaction ends when its last caller has gone.
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
  /** Whose turn it is: lets the next one go where it cannot say whether it is still of use. */
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

  /** Whoever joined goes on; the last to leave puts the light out. */
  function leave(key: string, flight: Flight): void {
    flight.callers -= 1
    if (flight.callers > 0) return
    if (flights.get(key) === flight) flights.delete(key)
    flight.cancel.abort(new AuthError('aborted', 'The request was aborted by its signal.'))
  }
}

/** The fields of a request that name only its caller, and accounts, of which only the ids count. */
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
 * @param request Requests with equal fields join, whatever their signals and correlation ids.
 * @param atOnce The interaction needs no user: it joins, but does not wait.
 * @returns The result of `work`, the same for all who joined. Rejects as `Enqueue` does.
 */
export type InteractionQueue = <T>(
  interaction: string,
  request: Callers,
  work: (turn: Turn) => Promise<T>,
  atOnce?: boolean,
) => Promise<T>

/** One queue per client for all copies of the library on this page: two copies that sign in at once leave once. */
function queueOfPage(mark: string): Enqueue {
  const there = sharedOnPage('queue1', mark)
  if (typeof there === 'function') return there as Enqueue
  const enqueue = createInteractionQueue()
  shareOnPage('queue1', mark, enqueue)
  return enqueue
}

/**
 * The queue of this page for a client: a second `createAuthClient` shares it, and with the same options over the
 * same store its requests.
 */
export function interactionQueueOf(
  { config, platform }: Pick<Runtime, 'config' | 'platform'>,
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
      // Who is meant where the request names nobody.
      addsTo: addsTo && accountKey(addsTo),
    })
    const said = fields.filter(([, value]) => value !== undefined).sort()
    let isOwn = false
    const inTurn = (turn: Turn) => {
      isOwn = true
      return work(turn)
    }
    const key = JSON.stringify([...own, interaction, said])
    const result = await enqueue(key, signal, inTurn, atOnce)
    if (!isOwn) await catchUp()
    return result
  }
}
