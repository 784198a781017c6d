import { AuthError } from '@carnet/core/base'

/** Loads a part of the library. @throws AuthError `part_not_loaded`, for example if a deployment removed the file. */
export async function loaded<T>(part: Promise<T>): Promise<T> {
  return part.catch((cause) => {
    if (cause instanceof AuthError) throw cause
    throw new AuthError('part_not_loaded', 'A part of Carnet could not be loaded.', { cause })
  })
}
