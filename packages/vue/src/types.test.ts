import type { Account, AuthClient, AuthError, AuthenticationResult } from '@carnet/browser'
import { expectTypeOf, test } from 'vitest'
import { type ComputedRef, type Plugin, type Ref, ref } from 'vue'
import type { NavigationGuard } from 'vue-router'
import {
  createCarnet,
  type RequireAccount,
  type SignedIn,
  type useAccount,
  type useApi,
  type useAuth,
  useToken,
} from './index.ts'
import { accountGuard } from './router.ts'

test('a plugin takes a client, its promise, or nothing on a server', () => {
  expectTypeOf(createCarnet).returns.toEqualTypeOf<Plugin<[]>>()
  expectTypeOf(createCarnet).toBeCallableWith({} as AuthClient)
  expectTypeOf(createCarnet).toBeCallableWith({} as Promise<AuthClient>)
  expectTypeOf(createCarnet).toBeCallableWith(undefined)
  // @ts-expect-error The options of a client are no client.
  createCarnet({ clientId: 'spa' })
})

test('the session has a ref per field', () => {
  type Auth = ReturnType<typeof useAuth>
  expectTypeOf<Auth['status']['value']>().toEqualTypeOf<'unknown' | 'signedOut' | 'signedIn'>()
  expectTypeOf<Auth['account']>().toEqualTypeOf<ComputedRef<Account | null>>()
  expectTypeOf<Auth['client']>().toEqualTypeOf<ComputedRef<AuthClient | undefined>>()
  expectTypeOf<typeof useApi>().returns.toEqualTypeOf<AuthClient['fetch']>()
})

test('an account is found by fields of an account', () => {
  expectTypeOf<typeof useAccount>().parameter(0).extract<object>().not.toBeAny()
  expectTypeOf<typeof useAccount>().toBeCallableWith({ tenantId: 'a' })
  expectTypeOf<typeof useAccount>().toBeCallableWith(ref({ username: 'a' }))
})

test('a token is the result or an error; requests that the cache cannot answer are refused', () => {
  type Token = ReturnType<typeof useToken>
  expectTypeOf<Token['token']>().toEqualTypeOf<Readonly<Ref<AuthenticationResult | undefined>>>()
  expectTypeOf<Token['error']['value']>().toEqualTypeOf<AuthError | undefined>()
  // @ts-expect-error A component must not renew its token at each event.
  const refused = () => useToken({ scopes: ['a'], forceRefresh: true })
  expectTypeOf(refused).toBeFunction()
})

test('a guard is a guard of Vue Router', () => {
  expectTypeOf(accountGuard(undefined)).toExtend<NavigationGuard>()
  // @ts-expect-error An iframe cannot ask the user.
  accountGuard(undefined, { interaction: 'iframe' })
})

test('a slot gets the account', () => {
  type Slots = InstanceType<typeof SignedIn>['$slots']
  type SlotProps = Parameters<NonNullable<Slots['default']>>[0]
  expectTypeOf<SlotProps>().toEqualTypeOf<{ account: Account }>()
  expectTypeOf<InstanceType<typeof RequireAccount>['$props']['interaction']>().toEqualTypeOf<
    'redirect' | 'popup' | 'none' | undefined
  >()
})
