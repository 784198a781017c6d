import { type Fetching, fetchOf } from './fetching.ts'

/**
 * Options for ky: `ky.create(kyOptions(auth))`. ky sends its requests by `auth.fetch`, which attaches tokens and answers
 * challenges.
 */
export const kyOptions = (auth: Fetching): { readonly fetch: typeof fetch } => ({
  fetch: fetchOf(auth),
})
