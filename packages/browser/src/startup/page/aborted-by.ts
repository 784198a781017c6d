import { AuthError } from '@carnet/core/base'

/** The error of a request whose signal aborted. */
export const abortedBy = (signal: AbortSignal | undefined): AuthError =>
  signal?.reason instanceof AuthError
    ? signal.reason
    : new AuthError('aborted', 'The request was aborted by its signal.', { cause: signal?.reason })
