import { type Fetching, fetchOf } from './fetching.ts'

/** Options for ofetch: `createFetch(ofetchOptions(auth))`. ofetch sends its requests by `auth.fetch`. */
export const ofetchOptions = (auth: Fetching): { readonly fetch: typeof fetch } => ({
  fetch: fetchOf(auth),
})
