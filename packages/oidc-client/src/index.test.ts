import * as original from 'oidc-client-ts'
import type { ComponentProps } from 'react'
import type { AuthProvider, AuthProviderProps } from 'react-oidc-context'
import { describe, expect, expectTypeOf, test } from 'vitest'
import * as carnet from './index.ts'

/** The original, as far as it has values at run time: its types name more classes than it exports. */
type Runtime = Pick<typeof original, keyof typeof carnet>

const SETTINGS = {
  authority: 'https://login.example.com/realms/x',
  client_id: 'spa',
  redirect_uri: 'https://app.example.com/callback',
}

/** The names of the functions of an object, with the inherited functions, without those for internal use. */
function methodsOf(value: object): string[] {
  const names = new Set<string>()
  for (let at = value; at && at !== Object.prototype; at = Object.getPrototypeOf(at))
    for (const name of Object.getOwnPropertyNames(at)) names.add(name)
  return [...names].filter((name) => !name.startsWith('_') && name !== 'constructor').toSorted()
}

test('the package has the names of oidc-client-ts, and no others', () => {
  expect(Object.keys(carnet).toSorted()).toEqual(Object.keys(original).toSorted())
})

test('values are assignable to the types of oidc-client-ts, and to the props of AuthProvider', () => {
  expectTypeOf(carnet.UserManager).toEqualTypeOf<typeof original.UserManager>()
  expectTypeOf(carnet.User).toEqualTypeOf<typeof original.User>()
  const all: Runtime = carnet
  expect(all.UserManager).toBe(carnet.UserManager)
  const userManager = new carnet.UserManager(SETTINGS)
  const props: AuthProviderProps = { userManager }
  const more: ComponentProps<typeof AuthProvider> = { ...SETTINGS }
  expect([props, more]).toHaveLength(2)
})

describe('without a page', () => {
  test('a manager is created as on a server, and has no user', async () => {
    const manager = new carnet.UserManager(SETTINGS)
    expect(await manager.getUser()).toBeNull()
    expect(await manager.settings.userStore.getAllKeys()).toEqual([])
  })

  test.each(['UserManager', 'OidcClient', 'MetadataService'] as const)(
    '%s has all methods of the original when it is created',
    (name) => {
      const create = (of: Runtime) =>
        name === 'MetadataService'
          ? new of.MetadataService(new of.OidcClientSettingsStore(SETTINGS))
          : new of[name](SETTINGS)
      const mine = methodsOf(create(carnet))
      expect(methodsOf(create(original)).filter((method) => !mine.includes(method))).toEqual([])
    },
  )

  test('the settings have the defaults of the original', () => {
    const plain = (of: Runtime) => {
      const { userStore, stateStore, ...others } = { ...new of.UserManagerSettingsStore(SETTINGS) }
      expect([userStore, stateStore]).toEqual([
        expect.any(of.WebStorageStateStore),
        expect.any(of.WebStorageStateStore),
      ])
      return JSON.parse(JSON.stringify(others))
    }
    expect(plain(carnet)).toEqual(plain(original))
  })
})

describe('a setting that is declined is an error with its name', () => {
  test.each([
    ['client_secret', { client_secret: 's' }],
    ['response_type', { response_type: 'id_token token' }],
    ['disablePKCE', { disablePKCE: true }],
    ['dpop', { dpop: { store: new carnet.IndexedDbDPoPStore() } }],
    ['resource', { resource: ['a', 'b'] }],
  ])('%s', (name, more) => {
    expect(() => new carnet.UserManager({ ...SETTINGS, ...more })).toThrow(`\`${name}\``)
  })

  test('methods that are declined reject with their name', async () => {
    const manager = new carnet.UserManager(SETTINGS)
    await expect(manager.querySessionStatus()).rejects.toThrow('`querySessionStatus`')
    const password = { username: 'alice', password: 'secret' }
    await expect(manager.signinResourceOwnerCredentials(password)).rejects.toThrow(
      '`signinResourceOwnerCredentials`',
    )
    const client = new carnet.OidcClient(SETTINGS)
    await expect(client.revokeToken('token')).rejects.toThrow('`revokeToken`')
  })
})

test('a class of the app can override and extend a method', async () => {
  class Own extends carnet.UserManager {
    override async getUser(raiseEvent?: boolean): Promise<original.User | null> {
      expect(await super.getUser(raiseEvent)).toBeNull()
      return new carnet.User({ access_token: 'own', token_type: 'Bearer', profile: PROFILE })
    }
  }
  expect((await new Own(SETTINGS).getUser())?.access_token).toBe('own')
})

const PROFILE = { sub: 'alice', iss: 'https://login.example.com', aud: 'spa', exp: 2, iat: 1 }
