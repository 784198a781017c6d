import { randomUUID } from 'node:crypto'
import { AuthError } from '@carnet/core'

/** Waits for `work`. An error gets the correlation id of the call, unless it has one. */
export async function namedCall<T>(
  correlationId: string | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof AuthError) error.correlationId ??= correlationId ?? randomUUID()
    throw error
  }
}
