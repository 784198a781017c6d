import type { IdentityProvider } from '@carnet/idp'

/** A provider and the apps that know it: one of each per worker, so that stories never meet. */
export interface World {
  readonly idp: IdentityProvider
  /** Where the demo is: `http://localhost:<port>/`. */
  readonly demoUrl: string
  /** Where the bare page is, which offers the library to `page.evaluate`. */
  readonly bareUrl: string
}
