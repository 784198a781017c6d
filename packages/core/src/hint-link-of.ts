import type { AuthErrorCode } from './error-hints.ts'

/** Where it is written what to do about a code: users of the app need not load the words. */
export const hintOf = (code: AuthErrorCode): string =>
  `See https://unpkg.com/@carnet/core/errors.md#${code}`
