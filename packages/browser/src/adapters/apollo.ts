import { type Fetching, fetchOf } from './fetching.ts'

/**
 * Options for a link of Apollo Client: `new HttpLink({ uri: '/graphql', ...apolloOptions(auth) })`. The link sends its requests
 * by `auth.fetch`. The map `resources` needs a key for the URL of the link.
 */
export const apolloOptions = (auth: Fetching): { readonly fetch: typeof fetch } => ({
  fetch: fetchOf(auth),
})
