import type { Account, AuthClient, AuthError, AuthenticationResult } from '@carnet/browser'
import type { Accessor, ComponentProps, JSX } from 'solid-js'
import { expectTypeOf, test } from 'vitest'
import {
  type AuthProvider,
  type RequireAccount,
  type SignedIn,
  type useAccount,
  type useApi,
  type useAuth,
  useToken,
} from './index.ts'

test('a provider takes a client, its promise, or nothing on a server', () => {
  type Client = ComponentProps<typeof AuthProvider>['client']
  expectTypeOf<AuthClient>().toExtend<Client>()
  expectTypeOf<Promise<AuthClient>>().toExtend<Client>()
  expectTypeOf<undefined>().toExtend<Client>()
  expectTypeOf<{ clientId: string }>().not.toExtend<Client>()
})

test('the session has the fields of the snapshot and the client', () => {
  type Auth = ReturnType<typeof useAuth>
  expectTypeOf<Auth['status']>().toEqualTypeOf<'unknown' | 'signedOut' | 'signedIn'>()
  expectTypeOf<Auth['account']>().toEqualTypeOf<Account | null>()
  expectTypeOf<Auth['client']>().toEqualTypeOf<AuthClient | undefined>()
  expectTypeOf<typeof useAccount>().returns.toEqualTypeOf<Accessor<Account | null>>()
  expectTypeOf<typeof useApi>().returns.toEqualTypeOf<AuthClient['fetch']>()
})

test('a token is the result or an error; requests that the cache cannot answer are refused', () => {
  type Token = ReturnType<typeof useToken>
  expectTypeOf<ReturnType<Token>>().toEqualTypeOf<AuthenticationResult | undefined>()
  expectTypeOf<Token['error']>().toEqualTypeOf<AuthError | undefined>()
  expectTypeOf(useToken).parameter(0).returns.not.toHaveProperty('forceRefresh')
})

test('content may be a function that gets the account as a signal', () => {
  type Content = ComponentProps<typeof SignedIn>['children']
  expectTypeOf<(account: Accessor<Account>) => JSX.Element>().toExtend<Content>()
  type Interaction = ComponentProps<typeof RequireAccount>['interaction']
  expectTypeOf<Interaction>().toEqualTypeOf<'redirect' | 'popup' | 'none' | undefined>()
})
