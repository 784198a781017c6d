import { AuthError, abortedError, stopWaitingOn } from '@carnet/core'

/** What an interaction that runs can hear of its callers. */
export interface Turn {
  /** Aborts when the last caller has gone. */
  readonly signal: AbortSignal
  /** Calls back, within the caller's gesture, when another caller asks for the same. */
  onJoined(callback: () => void): void
}

interface Flight {
  readonly work: Promise<unknown>
  readonly cancel: AbortController
  /** How many callers still wait. */
  callers: number
  joined: () => void
}

/**
 * Interactions of one page, one at a time: the same request joins the running one, another waits its
 * turn. The first starts before `enqueue` returns, so that its window opens in the user's gesture.
 */
export function createInteractionQueue() {
  const flights = new Map<string, Flight>()
  let last: Promise<unknown> | undefined

  function start<T>(key: string, work: (turn: Turn) => Promise<T>): Flight {
    const cancel = new AbortController()
    let joined = () => {}
    const turn: Turn = {
      signal: cancel.signal,
      onJoined: (callback) => {
        joined = callback
      },
    }
    const whenItsTurn = async (): Promise<T> => {
      await last
      cancel.signal.throwIfAborted()
      return work(turn)
    }
    const running = last === undefined ? work(turn) : whenItsTurn()
    const flight: Flight = { work: running, cancel, callers: 0, joined: () => joined() }
    flights.set(key, flight)
    const settled: Promise<unknown> = running
      .catch(() => undefined)
      .finally(() => {
        if (flights.get(key) === flight) flights.delete(key)
        if (last === settled) last = undefined
      })
    last = settled
    return flight
  }

  return function enqueue<T>(
    key: string,
    signal: AbortSignal | undefined,
    work: (turn: Turn) => Promise<T>,
  ): Promise<T> {
    if (signal?.aborted) return Promise.reject(abortedError(signal))
    const running = flights.get(key)
    running?.joined()
    const flight = running ?? start(key, work)
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

export type InteractionQueue = ReturnType<typeof createInteractionQueue>

const queues = new Map<string, InteractionQueue>()

/** The queue of this page for a client: a second `createAuthClient` with the same options shares it. */
export function interactionQueueOf(mark: string): InteractionQueue {
  const queue = queues.get(mark) ?? createInteractionQueue()
  queues.set(mark, queue)
  return queue
}
