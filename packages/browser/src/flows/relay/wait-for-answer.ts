import { openBroadcast } from '../../startup/tabs/broadcast.ts'
import { holdLock } from '../../tabs/web-locks.ts'
import { type Answer, channelOf, type Receipt } from './relay.ts'

/** For this time, a late popup gets the message that no page waits for it. */
const TOLD_FOR_MS = 3_600_000

/**
 * Waits for the response to `state`, from a popup or an iframe. Messages of other origins, or with another `state`, are
 * ignored. The code of the response must still redeem. `watch` may end the wait with an error, even at once, or with a response
 * from another source. `watch` returns a function, which is called at the end of the wait. During the wait the page holds a
 * lock, which shows other pages that this page waits, even if it is busy.
 *
 * @param nextFor Returns the next URL of the popup after an error response, if there is a second attempt. It never rejects.
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
          // The receipt is sent after this turn of the event loop: closing the channel now would lose it.
          setTimeout(end)
          resolve(parameters)
        }
        isTaken = true
        // The popup must not close before the page knows whether it needs a second attempt.
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
        stopWatching() // `watch` has already ended the wait.
      else if (signal.aborted) abort()
    })
    void holdLock(channelOf(state), ended)
  })
}

/**
 * Answers unreachable popups that deliver their response late, so that they close. It does so for a limited time, and at most
 * until `closed`.
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
