import type { AuthErrorCode } from './error-hints.ts'

/** Says where the advice for a code is written: users of the app need not load the texts. */
export const hintOf = (code: AuthErrorCode): string => `See "${code}" in @carnet/core/errors.md.`
