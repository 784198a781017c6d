import { type ClientInput, createSource, type Snapshot } from '@carnet/browser/snapshot'
import { type InjectionKey, inject, type Plugin, type Ref, shallowRef } from 'vue'

type Injected = { readonly client: ClientInput; readonly snapshot: Readonly<Ref<Snapshot>> }
// Several copies of the package on a page share the key.
const KEY: InjectionKey<Injected> = Symbol.for('@carnet/vue')

/**
 * Creates the plugin for `app.use`. It starts no client, and adds no global property. Its one listener ends with the app.
 *
 * @param client The client, or the promise of `createAuthClient`: created once, outside the app. `undefined` on a server.
 */
export function createCarnet(client: ClientInput): Plugin<[]> {
  return (app) => {
    const source = createSource(client)
    const snapshot = shallowRef(source.snapshot())
    // A server has no client, and never unmounts an app.
    const stop = client && source.subscribe(() => (snapshot.value = source.snapshot()))
    const { unmount } = app
    app.unmount = () => {
      unmount()
      stop?.()
    }
    app.provide(KEY, { client, snapshot })
  }
}

/** Returns the client of the app. @throws Error as `needed` does. */
export const injected = (): Injected => needed(inject(KEY, null))

/**
 * Returns what the app has provided.
 *
 * @throws Error in an app without the plugin, and outside of `setup`, stores, guards and `app.runWithContext`.
 */
export function needed<T>(provided: T | null): T {
  if (provided) return provided
  throw new Error(
    'Call app.use(createCarnet(client)), and this in setup, runWithContext() or a guard, before an await.',
  )
}
