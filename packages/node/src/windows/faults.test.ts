import type { FaultRequest } from '@carnet/idp'
import { describe, expect, test } from 'vitest'
import { ALICE, respond, scopes, useFederatedEntra } from '../testing/windows.ts'
import { acquireTokenByIntegratedWindowsAuth } from './acquire-by-windows.ts'

type Fault = FaultRequest['fault']
type Endpoint = FaultRequest['endpoint']

const { negotiate, entra } = useFederatedEntra()

const html = { 'content-type': 'text/html' }
/** Each fault, with the code at the user realm, at the metadata and at WS-Trust. */
const faults: readonly (readonly [string, Fault, readonly [string, string, string]])[] = [
  ['no answer', { kind: 'hang' }, ['timeout', 'timeout', 'timeout']],
  ['a slow body', { kind: 'drip', bytesPerSecond: 20 }, ['timeout', 'timeout', 'timeout']],
  ['a broken connection', { kind: 'reset' }, ['network_error', 'network_error', 'network_error']],
  ['a lost answer', { kind: 'loseAnswer' }, ['network_error', 'network_error', 'network_error']],
  [
    'a redirect',
    { kind: 'redirect', location: 'https://other.example/' },
    ['intermediary_answered', 'intermediary_answered', 'intermediary_answered'],
  ],
  ...[200, 403, 502].map(
    (status) =>
      [
        `a page with status ${status}`,
        respond(status, '<!doctype html><p>sign in', html),
        ['intermediary_answered', 'intermediary_answered', 'intermediary_answered'],
      ] as const,
  ),
  [
    '400',
    respond(400),
    ['federation_metadata_invalid', 'federation_metadata_invalid', 'federation_refused'],
  ],
  [
    '401',
    respond(401),
    ['federation_metadata_invalid', 'federation_metadata_invalid', 'kerberos_refused'],
  ],
  [
    '403',
    respond(403),
    ['federation_metadata_invalid', 'federation_metadata_invalid', 'federation_refused'],
  ],
  [
    '404',
    respond(404, '<html>', html),
    ['federation_metadata_invalid', 'federation_metadata_invalid', 'federation_metadata_invalid'],
  ],
  [
    '429',
    respond(429, '', { 'retry-after': '1' }),
    ['server_error', 'server_error', 'server_error'],
  ],
  ['500', respond(500, 'oops'), ['server_error', 'server_error', 'server_error']],
  ['503', respond(503), ['server_error', 'server_error', 'server_error']],
  [
    'text',
    respond(200, 'ok'),
    ['federation_metadata_invalid', 'federation_metadata_invalid', 'federation_refused'],
  ],
  [
    'another document',
    respond(200, '<a/>', { 'content-type': 'text/xml' }),
    ['federation_metadata_invalid', 'windows_transport_missing', 'federation_refused'],
  ],
  [
    'a document type',
    respond(200, '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', { 'content-type': 'text/xml' }),
    ['federation_metadata_invalid', 'federation_metadata_invalid', 'federation_metadata_invalid'],
  ],
  [
    '2 MB',
    respond(200, 'x'.repeat(2 ** 21)),
    ['invalid_response', 'invalid_response', 'invalid_response'],
  ],
]

const places: readonly Endpoint[] = ['user_realm', 'federation_metadata', 'ws_trust']

describe.each(faults)('%s', (_name, fault, codes) => {
  test.each(places.map((place, index) => [place, codes[index]] as const))(
    'at %s is the error %s, and the next call succeeds',
    async (endpoint, code) => {
      const app = await entra.create({ requestTimeoutMs: code === 'timeout' ? 300 : 10_000 })
      const request = { username: ALICE, scopes, negotiate }
      await entra.idp.control.addFault({ endpoint, fault, count: 1 })
      const error = await acquireTokenByIntegratedWindowsAuth(app, request).then(
        () => undefined,
        (reason) => reason,
      )
      expect(error).toMatchObject({
        code,
        hint: expect.any(String),
        correlationId: expect.any(String),
      })
      expect(error.trace.map(({ names }: { names: string[] }) => names.join(' '))).toEqual([
        'interaction failed',
      ])
      expect((await entra.counts()).token).toBe(0)
      await entra.idp.control.clearFaults()
      const calm = await entra.create()
      expect((await acquireTokenByIntegratedWindowsAuth(calm, request)).account).not.toBeNull()
    },
  )
})

test.each<readonly [string, Fault, string]>([
  ['no answer', { kind: 'hang' }, 'timeout'],
  ['a slow body', { kind: 'drip', bytesPerSecond: 20 }, 'timeout'],
  ['a broken connection', { kind: 'reset' }, 'network_error'],
  ['400', respond(400, { error: 'invalid_request' }), 'token_request_failed'],
  ['401', respond(401, { error: 'invalid_client' }), 'client_authentication_failed'],
  ['403 as a page', respond(403, '<html>', html), 'intermediary_answered'],
  ['429', respond(429), 'server_error'],
  ['500 as a page', respond(500, '<html>', html), 'server_error'],
  ['a page', respond(200, '<html>', html), 'intermediary_answered'],
  ['no fields', respond(200, {}), 'invalid_response'],
])(
  'at the token endpoint, %s is a typed error, and a new ticket signs in',
  async (_name, fault, code) => {
    const app = await entra.create({ requestTimeoutMs: code === 'timeout' ? 300 : 10_000 })
    await entra.idp.control.addFault({ endpoint: 'token', fault, count: 9 })
    const request = { username: ALICE, scopes, negotiate }
    await expect(acquireTokenByIntegratedWindowsAuth(app, request)).rejects.toMatchObject({
      code,
      hint: expect.any(String),
      correlationId: expect.any(String),
    })
    await entra.idp.control.clearFaults()
    const calm = await entra.create()
    expect((await acquireTokenByIntegratedWindowsAuth(calm, request)).account).not.toBeNull()
  },
)
