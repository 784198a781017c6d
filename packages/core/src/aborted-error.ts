import { AuthError } from './errors.ts'

export function abortedError(signal?: AbortSignal): AuthError {
  return new AuthError('aborted', 'The request was aborted by its signal.', {
    cause: signal?.reason,
  })
}
