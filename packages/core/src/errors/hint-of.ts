import { type AuthErrorCode, errorHints } from './error-hints.ts'

/** What the developer of the app should do about a code: in words, while it is being developed. */
export const hintOf = (code: AuthErrorCode): string => errorHints[code]
