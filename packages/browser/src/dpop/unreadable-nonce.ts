import { AuthError } from '@carnet/core'

/** The error for a server whose nonce no script can read. */
export const unreadableNonce = (url: string): AuthError =>
  new AuthError(
    'dpop_nonce_unreadable',
    `${new URL(url).origin} asks for a nonce that scripts cannot read.`,
  )
