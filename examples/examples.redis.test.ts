import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClientCertificate, type EntraProvider, startEntraProvider } from '@carnet/idp'
import { newSealKey } from '@carnet/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findRedis, startRedis } from '../scripts/redis.mjs'
import { runDaemon } from './daemon.ts'
import { startApi } from './web-api.ts'

const CLIENT_ID = '33333333-aaaa-4aaa-8aaa-000000000003'
let idp: EntraProvider
let folder: string
beforeAll(async () => {
  const { cert, key } = await createClientCertificate()
  folder = mkdtempSync(join(tmpdir(), 'carnet-examples-'))
  writeFileSync(join(folder, 'cert.pem'), cert)
  writeFileSync(join(folder, 'key.pem'), key)
  idp = await startEntraProvider({
    settings: { consent: 'skip' },
    clients: [
      { clientId: 'spa', redirectUris: ['http://localhost:5173/'] },
      {
        clientId: CLIENT_ID,
        redirectUris: [],
        credentials: { secrets: ['s3cret'], certificates: [cert] },
      },
    ],
  })
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await idp.close()
})

const claimsOf = (token = '') =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

test('the daemon calls its API with a token of its own, and asks the provider once', async () => {
  const seen: string[] = []
  const stop = new AbortController()
  const api = createServer((request, response) => {
    seen.push(request.headers.authorization?.replace('Bearer ', '') ?? '')
    response.end()
    if (seen.length === 3) stop.abort()
  }).listen(0, '127.0.0.1')
  await once(api, 'listening')
  const env = {
    CLIENT_ID,
    AUTHORITY: idp.authority('home'),
    PROFILE: 'entra',
    CERTIFICATE: join(folder, 'cert.pem'),
    PRIVATE_KEY: join(folder, 'key.pem'),
    SCOPE: `${idp.api}/.default`,
    API: `http://127.0.0.1:${(api.address() as AddressInfo).port}/`,
  }
  await runDaemon(env, stop.signal, 10)
  api.close()
  expect(seen.length).toBe(3)
  expect(claimsOf(seen[0])).toMatchObject({ azp: CLIENT_ID, idtyp: 'app' })
  expect((await idp.control.stats()).counts.token).toBe(1)
})

test.skipIf(!findRedis())(
  'the web API answers for its user, and passes a challenge on',
  async () => {
    const redis = await startRedis()
    const env = {
      CLIENT_ID,
      AUTHORITY: idp.authority('home'),
      PROFILE: 'entra',
      CLIENT_SECRET: 's3cret',
      CARNET_KEYS: newSealKey(),
      REDIS_URL: redis.url,
      GRAPH: idp.graph,
    }
    const server = await startApi(env, 0)
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/profile`
    const call = (token: string) => fetch(url, { headers: { authorization: `Bearer ${token}` } })
    try {
      const answer = await call(await idp.accessTokenFor('alice'))
      expect(await answer.json()).toMatchObject({ displayName: 'Alice Adams' })
      expect((await call('forged')).status).toBe(401)
      await idp.control.changeSettings({ mfaRequired: true })
      const challenged = await call(await idp.accessTokenFor('bob'))
      expect(challenged.status).toBe(401)
      expect(challenged.headers.get('www-authenticate')).toContain('insufficient_claims')
    } finally {
      server.close()
      server.closeAllConnections()
      await redis.stop()
    }
  },
)
