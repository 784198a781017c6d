import { type AuthErrorCode, errorHints } from './error-hints.ts'

/** The hint of development builds: the advice itself. */
export const hintOf = (code: AuthErrorCode): string => errorHints[code]
