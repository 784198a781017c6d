import { AuthError } from './errors.ts'

/**
 * Stops waiting for `work` when `signal` aborts. The work itself goes on: with rotation, an unread
 * answer to a refresh would be a lost session.
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

export function abortedError(signal: AbortSignal): AuthError {
  return new AuthError('aborted', 'The request was aborted by its signal.', {
    cause: signal.reason,
  })
}
