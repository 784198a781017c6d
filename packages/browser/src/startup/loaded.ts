import { AuthError } from '@carnet/core/base'

/** A part that is loaded when it is needed; it may be gone after a deployment. */
export async function loaded<T>(part: Promise<T>): Promise<T> {
  return part.catch((cause) => {
    if (cause instanceof AuthError) throw cause
    throw new AuthError('part_not_loaded', 'A part of Carnet could not be loaded.', { cause })
  })
}
