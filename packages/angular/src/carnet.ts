import { isPlatformServer } from '@angular/common'
import {
  computed,
  DestroyRef,
  type EnvironmentProviders,
  InjectionToken,
  inject,
  makeEnvironmentProviders,
  NgZone,
  PLATFORM_ID,
  provideAppInitializer,
  type Signal,
  signal,
} from '@angular/core'
import { type AuthClient, type AuthClientOptions, createAuthClient } from '@carnet/browser'
import { createSource, type Snapshot, unknownSnapshot } from '@carnet/browser/snapshot'

type SnapshotSignals = { readonly [Name in keyof Snapshot]: Signal<Snapshot[Name]> }

/** The session of the page as signals: each field of `auth.snapshot()`, and the client. */
export interface Auth extends SnapshotSignals {
  readonly snapshot: Signal<Snapshot>
  /** `undefined` until the client has started, and on a server. */
  readonly client: Signal<AuthClient | undefined>
  /** Resolves with the client, or rejects as its start does. On a server it stays pending. */
  readonly ready: Promise<AuthClient>
}

/** Angular names this text if the provider is missing. */
const AUTH = new InjectionToken<Auth>('provideCarnet(…)')

/** Returns the session of the page as signals, and the client. As all functions here, it works where `inject` works. */
export const injectAuth = (): Auth => inject(AUTH)

type Given = AuthClient | PromiseLike<AuthClient> | AuthClientOptions

/**
 * Provides the session of the page. The app starts when the client is ready, so that the router reads the URL without the response
 * of the provider. If the client cannot start, the app starts all the same: `injectAuth().error()` is the reason.
 *
 * On a server no client is used or created, and the status stays `unknown`.
 *
 * @param given The client, its promise, or the options of a client. A client of options lives as long as the app. Any other client
 * stays open. An app with two roots passes one client to both.
 */
export function provideCarnet(given: Given): EnvironmentProviders {
  return makeEnvironmentProviders([
    { provide: AUTH, useFactory: () => createAuth(given) },
    provideAppInitializer(() => (isServer() ? undefined : injectAuth().ready.catch(nothing))),
  ])
}

/** Works where `inject` works. */
export const isServer = (): boolean => isPlatformServer(inject(PLATFORM_ID))

const nothing = () => undefined

function createAuth(given: Given): Auth {
  const source = createSource(isServer() ? undefined : clientOf(given))
  const snapshot = signal(source.snapshot())
  inject(DestroyRef).onDestroy(source.subscribe(() => snapshot.set(source.snapshot())))
  const fields = (Object.keys(unknownSnapshot) as (keyof Snapshot)[]).map(
    (name) => [name, computed(() => snapshot()[name])] as const,
  )
  return {
    ...(Object.fromEntries(fields) as SnapshotSignals),
    snapshot: snapshot.asReadonly(),
    client: computed(() => snapshot() && source.client),
    ready: source.ready,
  }
}

function clientOf(given: Given): AuthClient | PromiseLike<AuthClient> {
  if (!('clientId' in given)) return given
  // In the zone of Angular, a timer of the client would keep the app from becoming stable.
  const client = inject(NgZone).runOutsideAngular(() => createAuthClient(given))
  inject(DestroyRef).onDestroy(() => void client.then((auth) => auth.close(), nothing))
  return client
}
