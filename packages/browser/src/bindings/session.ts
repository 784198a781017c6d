import type { AuthClient } from '../api/auth-client.ts'
import { type Snapshot, type Source, unknownSnapshot } from './snapshot.ts'

/** The snapshot with its client. */
export interface Session extends Snapshot {
  /** The client, as soon as the status is known. `undefined` on a server. */
  readonly client: AuthClient | undefined
}

/**
 * Creates a session whose fields are read when they are used, for frameworks that note the reads of a component.
 *
 * @param read Returns the snapshot, and tells the framework about the read.
 * @param memo Keeps the value of a field, so that readers of one field do not follow the others. Default: they do.
 */
export function createSession(
  source: Source,
  read: () => Snapshot,
  memo: (readField: () => unknown) => () => unknown = (readField) => readField,
): Session {
  const names = Object.keys(unknownSnapshot) as (keyof Snapshot)[]
  const fields = names.map((name) => [name, memo(() => read()[name])] as const)
  const client = () => (read().status === 'unknown' ? undefined : source.client)
  const descriptors = [...fields, ['client', client] as const].map(([name, get]) => [
    name,
    { get, enumerable: true },
  ])
  return Object.defineProperties({}, Object.fromEntries(descriptors)) as Session
}
