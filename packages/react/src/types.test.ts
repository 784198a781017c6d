import type { Account, AuthClient, AuthenticationResult, UserChallenge } from '@carnet/browser'
import type { ComponentProps, ReactNode } from 'react'
import { expectTypeOf, test } from 'vitest'
import {
  type Auth,
  type AuthProvider,
  type RequireAccount,
  type SignedIn,
  type useAccount,
  type useApi,
  type useAuth,
  type useChallenge,
  useToken,
} from './index.ts'
import type * as server from './server.ts'

test('a provider takes a client, its promise, or nothing on a server', () => {
  type Client = ComponentProps<typeof AuthProvider>['client']
  expectTypeOf<AuthClient>().toExtend<Client>()
  expectTypeOf<Promise<AuthClient>>().toExtend<Client>()
  expectTypeOf<undefined>().toExtend<Client>()
  expectTypeOf<{ clientId: string }>().not.toExtend<Client>()
})

test('the status tells whether there is a client and an account', () => {
  expectTypeOf<ReturnType<typeof useAuth>>().toEqualTypeOf<Auth>()
  type With<Status> = Extract<Auth, { status: Status }>
  expectTypeOf<With<'unknown'>['client']>().toEqualTypeOf<undefined>()
  expectTypeOf<With<'signedOut'>['client']>().toEqualTypeOf<AuthClient>()
  expectTypeOf<With<'signedIn'>['client']>().toEqualTypeOf<AuthClient>()
  expectTypeOf<With<'signedIn'>['account']>().toEqualTypeOf<Account>()
  expectTypeOf<Auth['status']>().toEqualTypeOf<'unknown' | 'signedOut' | 'signedIn'>()
  expectTypeOf<Auth['challenge']>().toEqualTypeOf<UserChallenge | null>()
})

test('an account is found by fields of an account', () => {
  expectTypeOf<typeof useAccount>().returns.toEqualTypeOf<Account | null>()
  expectTypeOf<typeof useAccount>().toBeCallableWith({ tenantId: 'a' })
  expectTypeOf<{ name: 1 }>().not.toExtend<Parameters<typeof useAccount>[0]>()
})

test('a token is a result; requests that the cache cannot answer are refused', () => {
  expectTypeOf(useToken).returns.toEqualTypeOf<AuthenticationResult>()
  expectTypeOf(useToken).toBeCallableWith({ scopes: ['a'] })
  // @ts-expect-error A component must not renew its token at each render.
  const refused = () => useToken({ scopes: ['a'], forceRefresh: true })
  expectTypeOf(refused).toBeFunction()
  expectTypeOf<typeof useApi>().returns.toEqualTypeOf<AuthClient['fetch']>()
  expectTypeOf<typeof useChallenge>().returns.toEqualTypeOf<UserChallenge | null>()
})

test('a gate renders nodes, and an interaction is one of a guard', () => {
  expectTypeOf<ComponentProps<typeof SignedIn>['children']>().toEqualTypeOf<ReactNode>()
  type Props = ComponentProps<typeof RequireAccount>
  expectTypeOf<Props['interaction']>().toEqualTypeOf<'redirect' | 'popup' | 'none' | undefined>()
  expectTypeOf<Props['fallback']>().toEqualTypeOf<ReactNode>()
})

test('in a server component, a name of the client never returns', () => {
  expectTypeOf<ReturnType<typeof server.useAuth>>().toEqualTypeOf<never>()
  expectTypeOf<typeof server.SignedIn>().toEqualTypeOf<typeof SignedIn>()
})
