import type * as Original from 'oidc-client-ts'

/** The version of `oidc-client-ts` whose interface this package has. */
export const Version: typeof Original.Version = '3.5.0'
