import type { ResponseKind } from '../../startup/response.ts'

/** The properties of one kind of interaction. Flows ask this table, and do not compare kinds. */
export interface InteractionKind {
  /** The letter that names the kind in a `state`. */
  readonly letter: string
  /** True if the page that sent the request waits for the response. Otherwise the page has left. */
  readonly waits: boolean
  /** True if the user sees nothing, as with `prompt=none` in a hidden iframe. */
  readonly isSilent: boolean
  /** True for the answer of a sign-out (OpenID Connect RP-Initiated Logout 1.0). It has a `state` and nothing else. */
  readonly isSignOut: boolean
  /** True if a response may come after the lifetime of its transaction: a window shows that it is still open. */
  readonly mayBeLate: boolean
}

/** The differences between the kinds of interaction. */
export const KINDS: Readonly<Record<ResponseKind, InteractionKind>> = {
  redirect: kind('r', false),
  popup: kind('p', true, { mayBeLate: true }),
  iframe: kind('i', true, { isSilent: true }),
  signOut: kind('o', true, { isSignOut: true }),
  signOutRedirect: kind('e', false, { isSignOut: true }),
}

function kind(
  letter: string,
  waits: boolean,
  more: Partial<InteractionKind> = {},
): InteractionKind {
  return { letter, waits, isSilent: false, isSignOut: false, mayBeLate: false, ...more }
}
