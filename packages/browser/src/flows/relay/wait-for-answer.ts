import { openBroadcast } from '../../startup/broadcast.ts'
import { holdLock } from '../../tabs/web-locks.ts'
import { type Answer, channelOf, type Receipt } from './relay.ts'

/** For how long a window that nobody waits for any more is told so. */
const TOLD_FOR_MS = 3_600_000

/**
 * Waits for the response that carries `state`, from a popup or an iframe. What comes from elsewhere or
 * carries another state is not answered; what carries this one still has to redeem. `watch` may end
 * the waiting with an error, at once if need be, or with a response that it found elsewhere; what it returns is called at
 * the end. Until then the page
 * holds a lock by which others see that somebody waits, however busy the page is.
 *
 * @param nextFor Says to which address the window goes after a response with an error, if it goes anywhere. It never rejects.
 */
export function waitForAnswer(
  state: string,
  signal: AbortSignal,
  watch: (
    fail: (error: unknown) => void,
    succeed: (response: URLSearchParams) => void,
  ) => () => void,
  nextFor?: (refusal: URLSearchParams) => Promise<string | undefined>,
): Promise<URLSearchParams> {
  return new Promise((resolve, reject) => {
    const channel = openBroadcast(channelOf(state))
    const ended = new Promise<void>((letGo) => {
      let isOver = false
      let isTaken = false
      let stopWatching: (() => void) | undefined

      function take(data: unknown, send: (receipt: Receipt) => void): void {
        const parameters = answerTo(state, data)
        if (!parameters || isTaken) return
        const acknowledge = (next?: string) => {
          if (isOver) return
          send({ ...RECEIPT, next })
          // The receipt is on its way only once this turn is over: closing now would lose it.
          setTimeout(end)
          resolve(parameters)
        }
        isTaken = true
        // The window must not close before the page knows whether it is still of use.
        if (nextFor && parameters.has('error')) void nextFor(parameters).then(acknowledge)
        else acknowledge()
      }
      const hearChannel = ({ data }: MessageEvent) =>
        take(data, (message) => channel?.postMessage(message))
      const hearWindow = ({ data, origin, source }: MessageEvent) => {
        if (origin === location.origin)
          take(data, (message) => source?.postMessage(message, { targetOrigin: origin }))
      }
      const abort = () => fail(signal.reason)
      function fail(error: unknown): void {
        end()
        reject(error)
      }
      function succeed(response: URLSearchParams): void {
        end()
        resolve(response)
      }
      function end(): void {
        isOver = true
        stopWatching?.()
        signal.removeEventListener('abort', abort)
        removeEventListener('message', hearWindow)
        channel?.close()
        letGo()
      }

      channel?.addEventListener('message', hearChannel)
      addEventListener('message', hearWindow)
      signal.addEventListener('abort', abort, { once: true })
      stopWatching = watch(fail, succeed)
      if (isOver)
        stopWatching() // The watch saw at once what ends the waiting.
      else if (signal.aborted) abort()
    })
    void holdLock(channelOf(state), ended)
  })
}

/**
 * Tells windows out of reach, when they bring their response after all, that it is done with: they close
 * then. For a bounded time, and not longer than until `closed`.
 */
export function answerLate(state: string, closed: AbortSignal): void {
  if (closed.aborted) return
  const channel = openBroadcast(channelOf(state))
  const end = () => {
    clearTimeout(timer)
    closed.removeEventListener('abort', end)
    channel?.close()
  }
  const timer = setTimeout(end, TOLD_FOR_MS)
  closed.addEventListener('abort', end)
  channel?.addEventListener('message', ({ data }) => {
    if (answerTo(state, data)) channel.postMessage(RECEIPT)
  })
}

const RECEIPT: Receipt = { carnet: 'received' }

function answerTo(state: string, data: unknown): URLSearchParams | undefined {
  const answer = data as Partial<Answer> | null
  if (typeof answer !== 'object' || answer?.carnet !== 'answer') return undefined
  if (typeof answer.parameters !== 'string') return undefined
  const parameters = new URLSearchParams(answer.parameters)
  return parameters.get('state') === state ? parameters : undefined
}
