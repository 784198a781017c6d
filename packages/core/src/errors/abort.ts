import { AuthError } from './errors.ts'

/**
 * Waits for `work`, but rejects with `aborted` as soon as `signal` aborts. The work itself continues: if the server
 * rotates refresh tokens, a client that ignores a token response loses the session.
 */
export function stopWaitingOn<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  if (!signal) return work
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(abortedError(signal))
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

/** The error `aborted`, with the reason of the signal as its cause. */
export function abortedError(signal: AbortSignal): AuthError {
  return new AuthError('aborted', 'The request was aborted by its signal.', {
    cause: signal.reason,
  })
}
