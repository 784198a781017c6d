import { once } from 'node:events'
import { createServer, type RequestListener, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterEach, expect, test } from 'vitest'
import { toListener, toRequest, type WebHandler } from './http.ts'

const servers: { close(): unknown }[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function serve(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Answers with the parts of the request, and sets two cookies. */
const echo: WebHandler = async (request) => {
  const { pathname, search, origin } = new URL(request.url)
  if (pathname === '/other') return undefined
  if (pathname === '/fails') throw new Error('a secret of the app')
  const body = await request.text()
  const answer = Response.json({
    method: request.method,
    origin,
    pathname,
    search,
    body,
    cookie: request.headers.get('cookie'),
  })
  answer.headers.append('set-cookie', 'a=1')
  answer.headers.append('set-cookie', 'b=2')
  return answer
}

const form = { method: 'POST', body: new URLSearchParams({ code: '1 2', state: 'ä' }) }
const encoded = 'code=1+2&state=%C3%A4'

const kinds: readonly (readonly [string, (origin?: string) => RequestListener])[] = [
  ['node:http', (origin) => toListener(echo, { origin })],
  ['Express', (origin) => express().use(toListener(echo, { origin }))],
  [
    'Express with parsed bodies',
    (origin) =>
      express()
        .use(express.urlencoded({ extended: false }), express.json())
        .use(toListener(echo, { origin })),
  ],
  ['Express below a path', () => express().use('/callback', toListener(echo))],
]

test.each(kinds)('%s passes requests, bodies and cookies', async (_name, create) => {
  const url = await serve(create())
  const answer = await fetch(`${url}/callback?code=1&state=2`, { headers: { cookie: 'c=3' } })
  expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  expect(await answer.json()).toEqual({
    method: 'GET',
    origin: url,
    pathname: '/callback',
    search: '?code=1&state=2',
    body: '',
    cookie: 'c=3',
  })
  const posted = await (await fetch(`${url}/callback`, form)).json()
  expect(posted).toMatchObject({ method: 'POST', body: encoded })
})

test('the origin behind a proxy is that of the option, whatever `Host` says', async () => {
  const url = await serve(toListener(echo, { origin: 'https://app.example' }))
  expect(await (await fetch(`${url}/x`)).json()).toMatchObject({ origin: 'https://app.example' })
})

test.each([
  ['//attacker.example/x', '/attacker.example/x'],
  ['http://attacker.example/x', '/x'],
])('the target %s names no other host', async (path, pathname) => {
  const url = await serve(toListener(echo))
  const { port } = new URL(url)
  const sent = send({ host: '127.0.0.1', port, path }).end()
  const [answer] = await once(sent, 'response')
  const text = Buffer.concat(await answer.toArray()).toString()
  expect(JSON.parse(text)).toMatchObject({ origin: url, pathname })
})

test('a handler that passes or fails does not end the server, and no error reaches the browser', async () => {
  const plain = await serve(toListener(echo))
  expect((await fetch(`${plain}/other`)).status).toBe(404)
  const failed = await fetch(`${plain}/fails`)
  expect([failed.status, await failed.text()]).toEqual([500, ''])
  const app = express()
    .use(toListener(echo))
    .get('/other', (_request, response) => void response.send('next'))
  expect(await (await fetch(`${await serve(app)}/other`)).text()).toBe('next')
})

test('a request ends with its connection', async () => {
  const ended = new Promise<void>((resolve) => {
    void serve((message) => {
      toRequest(message).signal.addEventListener('abort', () => resolve())
    }).then((url) => {
      const sent = send(url, { method: 'POST', headers: { 'content-length': '9' } })
      sent.on('error', () => undefined)
      sent.write('part')
      setTimeout(() => sent.destroy(), 50)
    })
  })
  await ended
})
