import { createMemoryStore, isAuthError } from '@carnet/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hostileText, hostileValue, mutated } from '../../../../scripts/fuzz/hostile.ts'
import { FUZZ_TIMEOUT_MS, fuzzParameters } from '../../../../scripts/fuzz/parameters.ts'
import type { AuthClientOptions } from '../api/options.ts'
import { checkRequest } from '../checks/check-request.ts'
import { readOptions } from '../checks/read-options.ts'
import { createState } from '../flows/authorization/state.ts'
import { createTransactions } from '../flows/authorization/transactions.ts'
import { findResponse } from '../flows/response/response-url.ts'
import { findEndedSession } from '../flows/sign-out/ended-session.ts'
import { clientMark } from '../startup/client-mark.ts'
import { createSealedStore } from '../storage/sealed-store.ts'
import { parseTabMessage } from '../tabs/parse-tab-message.ts'

const ORIGIN = 'https://app.example'
const MARK = clientMark('carnet|spa')
const STATE = createState(MARK, 'redirect', 'id-1')

function orRefusal(work: () => unknown): void {
  try {
    work()
  } catch (error) {
    if (!isAuthError(error)) throw error
  }
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : `${JSON.stringify(value)}`)

/** A URL with a response, or with an almost valid response. */
const addresses = fc
  .tuple(
    fc.constantFrom('/', '/deep/path', '/?a=b', '/#/route'),
    fc.constantFrom('#', '?', '&', '#/route?'),
    mutated({ code: 's3cret-code', state: STATE, iss: 'https://idp.example' }),
    fc.array(fc.tuple(fc.constantFrom('code', 'state', 'iss', 'x'), hostileText), { maxLength: 2 }),
  )
  .map(([path, separator, fields, more]) => {
    const pairs = [...Object.entries(fields).map(([name, value]) => [name, textOf(value)]), ...more]
    const text = pairs
      .map((pair) => pair.map((part) => encodeLoosely(textOf(part))).join('='))
      .join('&')
    return ORIGIN + path + separator + text
  })

const encodeLoosely = (text: string) =>
  text.replace(/[#&=?\s]/g, (char) => encodeURIComponent(char))

const properties: Readonly<Record<string, fc.IRawProperty<unknown>>> = {
  'a found response is removed from the URL, and the path stays': fc.property(addresses, (href) => {
    const found = findResponse(href, MARK)
    if (!found) return
    expect(new URL(found.cleanUrl).origin).toBe(ORIGIN)
    expect(new URL(found.cleanUrl).pathname).toBe(new URL(href).pathname)
    const inFragment = new URLSearchParams(new URL(href).hash.slice(1)).has('state')
    if (inFragment) expect(found.cleanUrl).not.toContain('#')
    else expect(new URL(found.cleanUrl).searchParams.has('code')).toBe(false)
  }),

  'a front-channel logout names an issuer and a session, or is ignored': fc.property(
    fc.oneof(
      addresses,
      hostileText.map(
        (text) => `${ORIGIN}/?iss=x&sid=${new URLSearchParams([['', text]]).toString().slice(1)}`,
      ),
    ),
    (href) => {
      const session = findEndedSession(href)
      if (session) expect([session.iss, session.sid].every((text) => text !== '')).toBe(true)
    },
  ),

  'data on the channel of the tabs is a message, or is ignored': fc.property(
    fc.oneof(
      mutated({ type: 'tokensChanged', clientId: 'spa', account: 'a', token: {} }),
      mutated({ resource: '', scopes: ['a'], expiresAtMs: 1, source: 'renewal' }).map((token) => ({
        type: 'tokensChanged',
        clientId: 'spa',
        account: 'a',
        token,
      })),
      hostileValue,
    ),
    (data) => {
      const message = parseTabMessage(data)
      if (message) expect(typeof message.account).toBe('string')
    },
  ),

  'options are valid, or cause an AuthError': fc.property(
    fc.oneof(
      mutated({
        clientId: 'spa',
        authority: 'https://idp.example',
        cache: {},
        renewal: {},
        scopes: [],
        redirectUri: '/',
      }),
      hostileValue,
    ),
    (options) => orRefusal(() => readOptions(options as AuthClientOptions, ORIGIN)),
  ),

  'requests are valid, or cause an AuthError': fc.property(
    fc.oneof(
      mutated({
        scopes: ['a'],
        account: null,
        prompt: 'login',
        returnTo: '/',
        extraParameters: {},
      }),
      hostileValue,
    ),
    (request) => {
      orRefusal(() => checkRequest.silent(request))
      orRefusal(() => checkRequest.interactive(request, ORIGIN))
      orRefusal(() => checkRequest.acquire(request, ORIGIN))
      orRefusal(() => checkRequest.sso(request, ORIGIN))
      orRefusal(() => checkRequest.signOut(request, ORIGIN))
      orRefusal(() => checkRequest.account(request))
    },
  ),

  'a changed transaction is ignored': fc.asyncProperty(
    fc.oneof(
      mutated({
        state: STATE,
        codeVerifier: 'v',
        nonce: 'n',
        redirectUri: `${ORIGIN}/`,
        authority: 'https://idp.example',
        returnTo: ORIGIN,
        correlationId: 'c',
        scopes: ['a'],
        tokenScopes: ['a'],
        kind: 'redirect',
        startedAtMs: 1000,
      }),
      hostileValue,
    ),
    async (value) => {
      const store = createMemoryStore()
      const record = { key: `spa|${STATE}`, tags: [], expiresAtMs: 8e15, value }
      await store.write([{ type: 'put', collection: 'transactions', record }])
      try {
        const taken = await createTransactions('spa', store).take(STATE, 1000)
        expect([taken.state, taken.kind]).toEqual([STATE, 'redirect'])
      } catch (error) {
        if (!isAuthError(error)) throw error
      }
      expect(await store.get('transactions', record.key)).toBeUndefined()
    },
  ),

  'a changed sealed record cannot be decrypted': fc.asyncProperty(
    fc.nat(),
    fc.integer({ min: 1, max: 255 }),
    fc.constantFrom('data', 'iv', 'key', 'collection', 'value'),
    hostileValue,
    async (position, mask, place, other) => {
      const inner = createMemoryStore()
      const key = await sealingKey
      const store = createSealedStore(inner, Promise.resolve(key))
      const put = { type: 'put', collection: 'accounts' } as const
      const record = { key: 'a', tags: [], expiresAtMs: 8e15, value: { token: 's3cret' } }
      await store.write([{ ...put, record }])
      const [sealed] = inner.all()
      const { iv, data } = Object(sealed?.record.value) as { iv: Uint8Array; data: ArrayBuffer }
      const flipped = (bytes: Uint8Array) => {
        const copy = Uint8Array.from(bytes)
        copy[position % copy.length] = (copy[position % copy.length] ?? 0) ^ mask
        return copy
      }
      const values: Record<string, unknown> = {
        data: { version: 1, iv, data: flipped(new Uint8Array(data)).buffer },
        iv: { version: 1, iv: flipped(iv), data },
        value: other,
      }
      const value = place in values ? values[place] : { version: 1, iv, data }
      const moved = {
        collection: place === 'collection' ? 'accessTokens' : 'accounts',
        key: place === 'key' ? 'b' : 'a',
      } as const
      await inner.write([{ ...put, ...moved, record: { ...record, key: moved.key, value } }])
      expect(await store.get(moved.collection, moved.key)).toBeUndefined()
    },
  ),
}

const sealingKey = crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
  'encrypt',
  'decrypt',
])

describe('at the edges of a page', () => {
  test.each(Object.entries(properties))(
    '%s',
    async (_name, property) => fc.assert(property as fc.IAsyncProperty<unknown>, fuzzParameters()),
    FUZZ_TIMEOUT_MS,
  )
})
