import type { AuthErrorCode } from './error-hints.ts'

/** The hint of production builds: it names the file with the advice, so that the app does not load the texts. */
export const hintOf = (code: AuthErrorCode): string => `See "${code}" in @carnet/core/errors.md.`
