import { AuthError } from '@carnet/core/base'
import { abortedBy } from '../../startup/page/aborted-by.ts'

const LOOK_EVERY_MS = 50

/**
 * Waits for `work` until `signal` aborts or the user closes the popup. For the time before the popup navigates: then only the
 * user can close it.
 *
 * @throws AuthError `user_cancelled`, or the reason of the signal: `aborted`.
 */
export function whileEmpty<T>(
  current: () => Window,
  signal: AbortSignal | undefined,
  work: Promise<T>,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(abortedBy(signal))
    const look = () => current().closed && reject(closedByUser())
    const looking = setInterval(look, LOOK_EVERY_MS)
    signal?.addEventListener('abort', abort)
    work
      .finally(() => {
        clearInterval(looking)
        signal?.removeEventListener('abort', abort)
        look()
      })
      .then(resolve, reject)
    if (signal?.aborted) abort()
  })
}

export const closedByUser = () => new AuthError('user_cancelled', 'The user closed the popup.')
