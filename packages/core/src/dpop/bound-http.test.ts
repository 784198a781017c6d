import { expect, test } from 'vitest'
import type { HttpAnswer } from '../protocol/http.ts'
import { createBoundHttp } from './bound-http.ts'

const URL = 'https://idp.example/token'
const NEEDS_NONCE = '{"error":"use_dpop_nonce"}'
const answer = (status: number, body: string, nonce?: string): HttpAnswer => ({
  status,
  body,
  headers: new Headers(nonce === undefined ? {} : { 'DPoP-Nonce': nonce }),
})

/** A server that gives `answers` in turn, and the proofs that it received. */
function serve(answers: readonly HttpAnswer[], known?: string) {
  const proofs: (string | null)[] = []
  const waits: string[] = []
  let nonce = known
  const http = createBoundHttp(
    async (_url, { headers }) => {
      proofs.push(new Headers(headers).get('DPoP'))
      return answers[proofs.length - 1] ?? answer(500, '')
    },
    {
      prove: async (method, url, by) => `${method} ${url} ${by}`,
      nonces: {
        current: () => nonce,
        take: (_url, headers) => {
          nonce = headers.get('DPoP-Nonce') ?? nonce
          return true
        },
      },
      pause: async () => void waits.push('waited'),
      unreadable: () => new Error('unreadable'),
    },
  )
  const send = () => http(URL, { method: 'POST', body: 'form', redirect: 'manual' })
  return { send, proofs, waits, nonce: () => nonce }
}

test('the request is sent again with the nonce that the server asks for', async () => {
  const server = serve([answer(400, NEEDS_NONCE, 'a'), answer(200, '{}', 'b')])
  expect((await server.send()).status).toBe(200)
  expect(server.proofs).toEqual([`POST ${URL} undefined`, `POST ${URL} a`])
  expect(server.nonce()).toBe('b')
})

test('a second retry waits, because parallel requests use up nonces that work once', async () => {
  const refusals = ['a', 'b'].map((nonce) => answer(400, NEEDS_NONCE, nonce))
  const server = serve([...refusals, answer(200, '{}')])
  expect((await server.send()).status).toBe(200)
  expect(server.proofs).toHaveLength(3)
  expect(server.waits).toEqual(['waited'])
})

test('a server that always asks for a nonce gets three requests', async () => {
  const server = serve(['a', 'b', 'c', 'd'].map((nonce) => answer(401, NEEDS_NONCE, nonce)))
  expect((await server.send()).status).toBe(401)
  expect(server.proofs).toHaveLength(3)
})

test('a nonce that scripts cannot read is an error of its own', async () => {
  const server = serve([answer(400, NEEDS_NONCE)])
  await expect(server.send()).rejects.toThrow('unreadable')
  const again = serve([answer(400, NEEDS_NONCE)], 'old')
  await expect(again.send()).rejects.toThrow('unreadable')
})

test('all other answers are returned, and their nonces are taken', async () => {
  const server = serve([answer(400, '{"error":"invalid_grant"}', 'n')])
  expect((await server.send()).status).toBe(400)
  expect(server.proofs).toHaveLength(1)
  expect(server.nonce()).toBe('n')
})
