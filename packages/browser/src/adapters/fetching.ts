import type { AuthClient } from '../api/auth-client.ts'

/** The part of a client that adapters for libraries over `fetch` need. */
export type Fetching = Pick<AuthClient, 'fetch'>

/** The `fetch` of a client as a plain function, for the options of a library. */
export const fetchOf =
  (auth: Fetching): typeof fetch =>
  (input, init) =>
    auth.fetch(input, init)
