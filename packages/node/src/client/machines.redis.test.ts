import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findRedis, type RunningRedis, startRedis } from '../../../../scripts/redis.mjs'
import { newSealKey } from '../cache/keyring.ts'
import { type Machine, type MachineOptions, startMachine } from '../testing/machines.ts'
import { type AppClient, clientPackages, connectRedis } from '../testing/redis-clients.ts'
import { API, GRAPH, SECRET, startEntraService, startOidcService } from '../testing/service.ts'

let entra: Awaited<ReturnType<typeof startEntraService>>
let oidc: Awaited<ReturnType<typeof startOidcService>>
const machines: Machine[] = []
const keys = newSealKey()

beforeAll(async () => {
  ;[entra, oidc] = await Promise.all([startEntraService(), startOidcService()])
})
beforeEach(() => Promise.all([entra.idp.control.reset(), oidc.idp.control.reset()]))
afterEach(async () => {
  await Promise.all(machines.splice(0).map((machine) => machine.stop()))
})
afterAll(() => Promise.all([entra.idp.close(), oidc.idp.close()]))

async function start(count: number, options: Partial<MachineOptions> = {}): Promise<Machine[]> {
  const { authority, profile } = {
    authority: entra.authority,
    profile: 'entra' as const,
    ...options,
  }
  const fixed = { clientId: API, secret: SECRET, keys, ...options, authority, profile }
  const started = await Promise.all(Array.from({ length: count }, () => startMachine(fixed)))
  machines.push(...started)
  return started
}

const tokensOf = (answers: readonly { readonly accessToken?: string }[]) =>
  new Set(answers.map(({ accessToken }) => accessToken))

/** Machines that share Redis. */
const testShared = test.skipIf(!findRedis())
let server: RunningRedis
let redis: AppClient
beforeAll(async () => {
  if (!findRedis()) return
  server = await startRedis()
  redis = await connectRedis(server.url)
})
beforeEach(() => redis?.command('FLUSHALL'))
afterAll(async () => {
  redis?.close()
  await server?.stop()
})
const startShared = (count: number, options: Partial<MachineOptions> = {}) =>
  start(count, { redisUrl: server.url, lockMs: 60_000, ...options })

testShared.each(clientPackages.slice(0, 2))(
  '4 processes with 50 callers each send one request (%s)',
  async (name) => {
    const all = await startShared(4, { redisPackage: name })
    const fields = { request: { scopes: [GRAPH] }, times: 50 }
    const answers = (await Promise.all(all.map((one) => one.call('app', fields)))).flat()
    expect(answers.length).toBe(200)
    expect([...tokensOf(answers)]).toEqual([expect.stringMatching(/^ey/)])
    expect(await entra.requests()).toBe(1)
  },
)

testShared('of 40 concurrent writes from 4 processes, 40 survive', async () => {
  const all = await startShared(4, { authority: oidc.authority, profile: 'oidc' })
  const scopes = ['calendar.read', 'calendar.write', 'mail.read', 'mail.send']
  const wanted = Array.from({ length: 40 }, (_, index) =>
    scopes.filter((_scope, bit) => ((index % 15) + 1) & (1 << bit)),
  )
  const resources = ['api', 'calendar', 'mail'].map((name) => `${oidc.idp.issuer}/${name}`)
  const calls = wanted.map((some, index) => ({
    request: { scopes: some, resource: resources[Math.floor(index / 15)] },
  }))
  const answers = await Promise.all(
    calls.map(async (fields, index) => (await all[index % 4]?.call('app', fields))?.[0]),
  )
  expect(answers.filter((answer) => answer?.accessToken).length).toBe(40)
  expect(((await redis.command('KEYS', 'carnet:accessTokens:*')) as string[]).length).toBe(40)
  const [fresh] = await startShared(1, { authority: oidc.authority, profile: 'oidc' })
  for (const fields of calls) expect((await fresh?.call('app', fields))?.[0]?.fromCache).toBe(true)
})

testShared('8 processes redeem a rotated refresh token once, again and again', async () => {
  await entra.idp.control.changeSettings({ refreshTokenReuse: 'ends' })
  const all = await startShared(8)
  const request = { assertion: await entra.idp.accessTokenFor('alice'), scopes: ['User.Read'] }
  const [begun] = (await all[0]?.call('begin', { request })) ?? []
  const session = { request: { key: begun?.key, scopes: ['User.Read'] }, times: 10 }
  for (let round = 1; round <= 3; round += 1) {
    await Promise.all(all.map((one) => one.ask('advance', { ms: 3_600_000 })))
    const answers = (await Promise.all(all.map((one) => one.call('session', session)))).flat()
    expect(answers.filter(({ error }) => error)).toEqual([])
    expect(tokensOf(answers).size).toBe(1)
    expect((await entra.idp.control.stats()).tokenGrants.refresh_token).toBe(round)
  }
})

testShared('a session survives the kill of a process that holds the lock', async () => {
  await entra.idp.control.changeSettings({ refreshTokenReuse: 'ends' })
  const [one] = await startShared(1)
  const request = { assertion: await entra.idp.accessTokenFor('alice'), scopes: ['User.Read'] }
  const [begun] = (await one?.call('begin', { request })) ?? []
  const session = { request: { key: begun?.key, scopes: ['User.Read'] } }
  // A machine that has no discovery document yet waits for it, with the lock in its hand.
  await redis.command('DEL', ...((await redis.command('KEYS', 'carnet:metadata:*')) as string[]))
  await entra.idp.control.addFault({ endpoint: 'discovery', fault: { kind: 'hang' } })
  const [doomed] = await startShared(1)
  await doomed?.ask('advance', { ms: 3_600_000 })
  doomed?.call('session', session).catch(() => undefined)
  await expect
    .poll(async () => ((await redis.command('KEYS', 'carnet:lock:*')) as string[]).length)
    .toBe(1)
  doomed?.kill('SIGKILL')
  await one?.ask('advance', { ms: 3_600_000 })
  const [answer] = (await one?.call('session', session)) ?? []
  expect(answer).toMatchObject({ fromCache: false, accessToken: expect.any(String) })
})

testShared(
  'a session survives the kill of a process whose request is on the way, if the provider has a grace period',
  async () => {
    const grace = { refreshTokenReuse: 'ends', refreshTokenGrace: 30 } as const
    await entra.idp.control.changeSettings(grace)
    const [one, doomed] = await startShared(2)
    const request = { assertion: await entra.idp.accessTokenFor('alice'), scopes: ['User.Read'] }
    const [begun] = (await one?.call('begin', { request })) ?? []
    const session = { request: { key: begun?.key, scopes: ['User.Read'] } }
    await doomed?.ask('advance', { ms: 3_600_000 })
    await entra.idp.control.changeSettings({ latencyMs: { token: 500 } })
    await entra.idp.control.resetStats()
    doomed?.call('session', session).catch(() => undefined)
    await expect.poll(entra.requests).toBe(1)
    doomed?.kill('SIGKILL')
    await one?.ask('advance', { ms: 3_600_000 })
    expect((await one?.call('session', session))?.[0]?.accessToken).toEqual(expect.any(String))
  },
)

testShared(
  'a killed process frees its lock at once, so a short grace period of the provider saves the session',
  async () => {
    const grace = { refreshTokenReuse: 'ends', refreshTokenGrace: 10 } as const
    await entra.idp.control.changeSettings(grace)
    const [one, doomed] = await startShared(2)
    const request = { assertion: await entra.idp.accessTokenFor('alice'), scopes: ['User.Read'] }
    const [begun] = (await one?.call('begin', { request })) ?? []
    const session = { request: { key: begun?.key, scopes: ['User.Read'] } }
    for (const machine of [one, doomed]) await machine?.ask('advance', { ms: 3_600_000 })
    await entra.idp.control.resetStats()
    await entra.idp.control.changeSettings({ latencyMs: { token: 500 } })
    doomed?.call('session', session).catch(() => undefined)
    await expect.poll(entra.requests).toBe(1)
    doomed?.kill('SIGKILL')
    expect((await one?.call('session', session))?.[0]?.accessToken).toEqual(expect.any(String))
  },
)

/** Starts two processes with one session. The second process freezes while its refresh is at the provider. */
async function frozenInRefresh(options?: Parameters<typeof startShared>[1]) {
  const [one, frozen] = await startShared(2, options)
  const request = { assertion: await entra.idp.accessTokenFor('alice'), scopes: ['User.Read'] }
  const [begun] = (await one?.call('begin', { request })) ?? []
  const session = { request: { key: begun?.key, scopes: ['User.Read'] } }
  for (const machine of [one, frozen]) await machine?.ask('advance', { ms: 3_600_000 })
  await entra.idp.control.resetStats()
  await entra.idp.control.changeSettings({ latencyMs: { token: 300 } })
  const late = frozen?.call('session', session)
  await expect.poll(entra.requests).toBe(1)
  frozen?.kill('SIGSTOP')
  return { one, frozen, session, late }
}

testShared(
  'a frozen process keeps its lock, so its session survives without a grace period of the provider',
  async () => {
    await entra.idp.control.changeSettings({ refreshTokenReuse: 'ends' })
    const { one, frozen, session, late } = await frozenInRefresh()
    const waiting = one?.call('session', session)
    // Longer than the time after which a killed process loses its lock.
    await new Promise((resolve) => setTimeout(resolve, 3000))
    expect(await entra.requests()).toBe(1)
    frozen?.kill('SIGCONT')
    const tokens = tokensOf([...((await waiting) ?? []), ...((await late) ?? [])])
    expect([...tokens]).toEqual([expect.any(String)])
  },
)

testShared(
  'a process that was frozen beyond its timeouts reads the answers that arrived',
  async () => {
    await entra.idp.control.changeSettings({ refreshTokenReuse: 'ends' })
    const { one, frozen, session, late } = await frozenInRefresh({
      requestTimeoutMs: 2000,
      cache: { storeTimeoutMs: 1000 },
    })
    await new Promise((resolve) => setTimeout(resolve, 3000))
    frozen?.kill('SIGCONT')
    const [answer] = (await late) ?? []
    expect(answer).toMatchObject({ fromCache: false, accessToken: expect.any(String) })
    expect(tokensOf((await one?.call('session', session)) ?? [])).toEqual(tokensOf([answer ?? {}]))
  },
)

testShared(
  'a process that is frozen beyond its lock blocks no other one, and does not overwrite newer tokens',
  async () => {
    const { one, frozen, session, late } = await frozenInRefresh({ lockMs: 1000 })
    await entra.idp.control.changeSettings({ latencyMs: 0 })
    const [answer] = (await one?.call('session', session)) ?? []
    expect(answer?.accessToken).toEqual(expect.any(String))
    frozen?.kill('SIGCONT')
    expect((await late)?.[0]?.accessToken).toEqual(expect.any(String))
    // The next renewal uses the refresh token of the machine that went on.
    await one?.ask('advance', { ms: 3_600_000 })
    expect((await one?.call('session', session))?.[0]?.fromCache).toBe(false)
  },
)

testShared('a session that one process ends is gone in the memory of the others', async () => {
  const [one, two] = await startShared(2)
  const request = { assertion: await entra.idp.accessTokenFor('alice'), scopes: ['User.Read'] }
  const [begun] = (await one?.call('begin', { request })) ?? []
  const session = { request: { key: begun?.key, scopes: ['User.Read'] } }
  expect((await two?.call('session', session))?.[0]?.fromCache).toBe(true)
  const anew = { ...request, key: begun?.key, assertion: await entra.idp.accessTokenFor('bob') }
  await one?.call('begin', { request: anew })
  await expect
    .poll(async () => (await two?.call('session', session))?.[0]?.account?.username)
    .toBe('bob@contoso.example')
})
describe('processes that share files', () => {
  test('4 processes with 50 callers each send one request', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'carnet-shared-'))
    try {
      const all = await start(4, { folder })
      const fields = { request: { scopes: [GRAPH] }, times: 50 }
      const answers = (await Promise.all(all.map((one) => one.call('app', fields)))).flat()
      expect(tokensOf(answers).size).toBe(1)
      expect(await entra.requests()).toBe(1)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
