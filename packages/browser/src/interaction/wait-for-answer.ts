import { abortedError } from '@carnet/core'
import { type Answer, channelOf } from './relay.ts'

/**
 * Waits for the response that carries `state`, from a popup or an iframe. What comes from elsewhere or
 * carries another state is not answered; what carries this one still has to redeem. `watch` may end
 * the waiting with an error; what it returns is called at the end.
 */
export function waitForAnswer(
  state: string,
  signal: AbortSignal,
  watch: (fail: (error: unknown) => void) => () => void,
): Promise<URLSearchParams> {
  return new Promise((resolve, reject) => {
    const channel = new BroadcastChannel(channelOf(state))
    const stopWatching = watch((error) => {
      end()
      reject(error)
    })

    function take(data: unknown, receipt: (message: object) => void): void {
      const parameters = parseAnswer(data)
      if (parameters?.get('state') !== state) return
      receipt({ carnet: 'received' })
      // The receipt is on its way only once this turn is over: closing now would lose it.
      setTimeout(end)
      resolve(parameters)
    }
    const hearChannel = ({ data }: MessageEvent) =>
      take(data, (message) => channel.postMessage(message))
    const hearWindow = ({ data, origin, source }: MessageEvent) => {
      if (origin === location.origin)
        take(data, (message) => source?.postMessage(message, { targetOrigin: origin }))
    }
    const abort = () => {
      end()
      reject(abortedError(signal))
    }
    function end(): void {
      stopWatching()
      signal.removeEventListener('abort', abort)
      removeEventListener('message', hearWindow)
      channel.close()
    }

    channel.addEventListener('message', hearChannel)
    addEventListener('message', hearWindow)
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
  })
}

function parseAnswer(data: unknown): URLSearchParams | undefined {
  const answer = data as Partial<Answer> | null
  if (typeof answer !== 'object' || answer?.carnet !== 'answer') return undefined
  return typeof answer.parameters === 'string' ? new URLSearchParams(answer.parameters) : undefined
}
