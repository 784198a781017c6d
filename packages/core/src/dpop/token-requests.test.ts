import { expect, test } from 'vitest'
import type { HttpAnswer } from '../protocol/http.ts'
import { createClocks } from './clocks.ts'
import { createNonceNotes } from './nonce-notes.ts'
import { createProofKey } from './proof.ts'
import { createTokenRequests } from './token-requests.ts'

const ENDPOINT = 'https://idp.example/token'
const START_MS = 1_800_000_000_000

const answer = (
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): HttpAnswer => ({
  status,
  body: JSON.stringify(body),
  headers: new Headers(headers),
})

const NONCE_REFUSAL = { error: 'use_dpop_nonce' }
const PROOF_REFUSAL = { error: 'invalid_dpop_proof' }

/** A client with a key, at a server that gives `answers` in turn. */
async function setUp(
  answers: readonly HttpAnswer[],
  trueTimeMs: () => Promise<number | undefined> = async () => undefined,
) {
  const world = { nowMs: START_MS }
  const now = () => world.nowMs
  const sent: { claims: Record<string, unknown>; token: string | null }[] = []
  const http = async (_url: string, { headers, body }: RequestInit): Promise<HttpAnswer> => {
    const proof = new Headers(headers).get('DPoP') ?? ''
    const claims = JSON.parse(Buffer.from(proof.split('.')[1] ?? '', 'base64url').toString())
    sent.push({ claims, token: (body as URLSearchParams).get('refresh_token') })
    return answers[sent.length - 1] ?? answer(500, {})
  }
  const nonces = createNonceNotes(now)
  const clocks = createClocks(now)
  const unreadable = () => new Error('unreadable')
  const common = { clientId: 'spa', nonces, clocks, trueTimeMs, unreadable }
  const send = createTokenRequests({ ...common, http, tokenHttp: http })(
    await createProofKey('ES256'),
  )
  const refresh = () =>
    send(ENDPOINT, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'R1' }),
    })
  return { world, sent, nonces, refresh }
}

test('no refresh token is sent with a doubtful nonce: an empty request gets a new nonce first', async () => {
  const { world, sent, nonces, refresh } = await setUp([
    answer(400, NONCE_REFUSAL, { 'DPoP-Nonce': 'n2' }),
    answer(200, {}),
  ])
  nonces.take(ENDPOINT, new Headers({ 'DPoP-Nonce': 'n1' }))
  world.nowMs += 60_000
  expect((await refresh()).status).toBe(200)
  expect(sent.map(({ claims, token }) => [claims.nonce, token])).toEqual([
    ['n1', 'nonce'],
    ['n2', 'R1'],
  ])
})

test('a server that accepts an old nonce is not asked again at that age', async () => {
  const { world, sent, nonces, refresh } = await setUp([
    answer(400, { error: 'invalid_grant' }),
    answer(200, {}),
    answer(200, {}),
  ])
  nonces.take(ENDPOINT, new Headers({ 'DPoP-Nonce': 'n1' }))
  world.nowMs += 60_000
  await refresh()
  await refresh()
  expect(sent.map(({ token }) => token)).toEqual(['nonce', 'R1', 'R1'])
})

test('without a nonce of the server, nothing is asked before', async () => {
  const { sent, refresh } = await setUp([answer(200, {})])
  await refresh()
  expect(sent.map(({ token }) => token)).toEqual(['R1'])
})

test.each([
  ['the `Date` header', { date: new Date(START_MS + 600_000).toUTCString() }, undefined],
  ['another machine', {}, START_MS + 600_000],
])('a refused proof is repeated with the time of %s', async (_from, headers, trueMs) => {
  const { sent, refresh } = await setUp(
    [answer(400, PROOF_REFUSAL, headers), answer(200, {})],
    async () => trueMs,
  )
  expect((await refresh()).status).toBe(200)
  expect(sent.map(({ claims }) => claims.iat)).toEqual([START_MS / 1000, START_MS / 1000 + 600])
})

test('a refused proof is repeated once with another `jti`: an earlier page may have sent it', async () => {
  const { sent, refresh } = await setUp(
    [answer(400, PROOF_REFUSAL), answer(400, PROOF_REFUSAL)],
    () => Promise.reject(new Error('no network')),
  )
  expect((await refresh()).status).toBe(400)
  const ids = sent.map(({ claims }) => claims.jti)
  expect(new Set(ids).size).toBe(2)
  expect(ids).toHaveLength(2)
})

test('a retry takes the nonce of its own answer, whatever other requests received', async () => {
  const { sent, nonces, refresh } = await setUp([
    answer(400, NONCE_REFUSAL, { 'DPoP-Nonce': 'mine' }),
    answer(200, {}),
  ])
  const refreshing = refresh()
  await expect.poll(() => nonces.current(ENDPOINT)).toBe('mine')
  nonces.take(ENDPOINT, new Headers({ 'DPoP-Nonce': 'of another request' }))
  await refreshing
  expect(sent.at(-1)?.claims.nonce).toBe('mine')
})
