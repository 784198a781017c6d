const LETTERS: Readonly<Record<ResponseKind, string>> = {
  redirect: 'r',
  popup: 'p',
  iframe: 'i',
  signOut: 'o',
  signOutRedirect: 'e',
}

/** A `state` by which its response finds the client that waits for it (RFC 6749 section 4.1.1). */
import type { ResponseKind } from '../../startup/response.ts'
export const createState = (mark: string, kind: ResponseKind, randomId: string) =>
  `${mark}${LETTERS[kind]}.${randomId}`
