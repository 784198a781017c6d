import type { IdentityProvider } from '@carnet/idp'

/** The provider and the apps of one worker, so that stories do not affect each other. */
export interface World {
  readonly idp: IdentityProvider
  /** The address of the demo: `http://localhost:<port>/`. */
  readonly demoUrl: string
  /** The address of the bare page, which exposes the library to `page.evaluate`. */
  readonly bareUrl: string
}
