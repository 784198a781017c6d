import type { Account, AuthClient, AuthError, AuthenticationResult } from '@carnet/browser'
import type { Snapshot } from '@carnet/browser/snapshot'
import type { RequireAccount, SignedIn } from '@carnet/svelte/components'
import type { ComponentProps, Snippet } from 'svelte'
import type { Readable } from 'svelte/store'
import { expectTypeOf, test } from 'vitest'
import { type provideAuth, type useAccount, type useApi, type useAuth, useToken } from './index.ts'
import { accountLoad } from './kit.ts'
import type { authStore } from './store.ts'

test('a provider takes a client, its promise, or nothing on a server', () => {
  type Client = Parameters<typeof provideAuth>[0]
  expectTypeOf<AuthClient>().toExtend<Client>()
  expectTypeOf<Promise<AuthClient>>().toExtend<Client>()
  expectTypeOf<undefined>().toExtend<Client>()
  expectTypeOf<{ clientId: string }>().not.toExtend<Client>()
})

test('the session has the fields of the snapshot and the client', () => {
  type Auth = ReturnType<typeof useAuth>
  expectTypeOf<Auth['status']>().toEqualTypeOf<'unknown' | 'signedOut' | 'signedIn'>()
  expectTypeOf<Auth['client']>().toEqualTypeOf<AuthClient | undefined>()
  expectTypeOf<ReturnType<typeof useAccount>['current']>().toEqualTypeOf<Account | null>()
  expectTypeOf<typeof useApi>().returns.toEqualTypeOf<AuthClient['fetch']>()
  expectTypeOf<typeof authStore>().returns.toEqualTypeOf<Readable<Snapshot>>()
})

test('a token is the result or an error; requests that the cache cannot answer are refused', () => {
  type Token = ReturnType<typeof useToken>
  expectTypeOf<Token['current']>().toEqualTypeOf<AuthenticationResult | undefined>()
  expectTypeOf<Token['error']>().toEqualTypeOf<AuthError | undefined>()
  // @ts-expect-error A component must not renew its token at each event.
  const refused = () => useToken({ scopes: ['a'], forceRefresh: true })
  expectTypeOf(refused).toBeFunction()
})

test('content gets the account, and a load returns it', () => {
  type Content = NonNullable<ComponentProps<typeof SignedIn>['children']>
  expectTypeOf<Content>().toEqualTypeOf<Snippet<[Account]>>()
  type Interaction = ComponentProps<typeof RequireAccount>['interaction']
  expectTypeOf<Interaction>().toEqualTypeOf<'redirect' | 'popup' | 'none' | undefined>()
  const load = accountLoad(undefined, { to: null })
  expectTypeOf(load).returns.resolves.toEqualTypeOf<{ account: Account | null }>()
})
