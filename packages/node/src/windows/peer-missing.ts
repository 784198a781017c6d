import { AuthError } from '@carnet/core'

/** The error for an optional package that is not there. */
export const peerMissing = (name: string, cause: unknown): AuthError =>
  new AuthError('kerberos_unavailable', `The package \`${name}\` cannot be loaded.`, { cause })
