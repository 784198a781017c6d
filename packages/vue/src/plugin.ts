import { type ClientInput, createSource, type Source } from '@carnet/browser/snapshot'
import { type App, type InjectionKey, inject, type Plugin } from 'vue'

interface Injected {
  readonly client: ClientInput
  readonly source: Source
}

// Several copies of the package on a page share the key.
const KEY: InjectionKey<Injected> = Symbol.for('@carnet/vue')

/**
 * Creates the plugin for `app.use`. It starts no client, and adds no global property.
 *
 * @param client The client, or the promise of `createAuthClient`: created once, outside the app. `undefined` on a server.
 */
export function createCarnet(client: ClientInput): Plugin<[]> {
  return {
    install(app: App) {
      app.provide(KEY, { client, source: createSource(client) })
    },
  }
}

/** Returns the client of the app. */
export function injected(): Injected {
  const found = inject(KEY, undefined)
  if (!found) throw new Error('The app has no client: call app.use(createCarnet(client)) first.')
  return found
}
