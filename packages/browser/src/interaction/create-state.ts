import type { ResponseKind } from './state.ts'

/** A `state` by which its response finds the client that waits for it (RFC 6749 section 4.1.1). */
export const createState = (mark: string, kind: ResponseKind, randomId: string) =>
  `${mark}${kind === 'signOut' ? 'o' : kind[0]}.${randomId}`
