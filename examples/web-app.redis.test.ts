import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createServer, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startIdentityProvider } from '@carnet/idp'
import { newSealKey } from '@carnet/node'
import { expect, test } from 'vitest'
import { bundleProcess } from '../scripts/bundle-process.mjs'
import { freePort } from '../scripts/free-port.mjs'
import { findRedis, startRedis } from '../scripts/redis.mjs'

const bundled = () =>
  bundleProcess(fileURLToPath(new URL('./web-app.ts', import.meta.url)), {
    folder: '.cache/examples',
    external: ['redis'],
  })

/** Sends each request to the next machine. */
async function startBalancer(ports: readonly number[]) {
  let turn = 0
  const served: number[] = []
  const server = createServer((message, response) => {
    const port = ports[turn % ports.length] ?? 0
    turn += 1
    served.push(port)
    const { method, url: path, headers } = message
    const passed = send({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    passed.on('error', () => response.writeHead(502).end())
    message.pipe(passed)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, served, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** A browser without scripts, with the cookies of two hosts. */
function createBrowser() {
  const jars = new Map<string, Map<string, string>>()
  return async function visit(url: string, init: RequestInit = {}): Promise<Response> {
    const { host } = new URL(url)
    const jar = jars.get(host) ?? new Map<string, string>()
    jars.set(host, jar)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { 'sec-fetch-site': 'same-origin', accept: 'text/html', cookie }
    const answer = await fetch(url, { redirect: 'manual', ...init, headers })
    for (const one of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(one) ?? []
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
    const location = answer.headers.get('location')
    return location === null ? answer : visit(new URL(location, url).href)
  }
}

test.skipIf(!findRedis())(
  'a web app on two machines: a sign-in begins on one, and ends on the other',
  async () => {
    const ports = [await freePort(), await freePort()]
    const { server, served, url: origin } = await startBalancer(ports)
    const redis = await startRedis()
    const idp = await startIdentityProvider({
      settings: { consent: 'skip', signInAs: 'alice' },
      clients: [
        {
          clientId: 'web',
          redirectUris: [`${origin}/callback`],
          credentials: { secrets: ['s3cret-of-the-app'] },
        },
      ],
    })
    const env = {
      ...process.env,
      CLIENT_ID: 'web',
      AUTHORITY: idp.issuer,
      CLIENT_SECRET: 's3cret-of-the-app',
      CARNET_KEYS: newSealKey(),
      REDIS_URL: redis.url,
      ORIGIN: origin,
      API: `${idp.issuer}/api/calendar/`,
      SCOPE: 'calendar.read',
    }
    const file = await bundled()
    const machines: ChildProcess[] = ports.map((port) =>
      spawn(process.execPath, [file], { env: { ...env, PORT: String(port) }, stdio: 'inherit' }),
    )
    try {
      for (const port of ports)
        for (let tries = 0; tries < 200; tries += 1) {
          const isUp = await fetch(`http://127.0.0.1:${port}/`).then(
            () => true,
            () => false,
          )
          if (isUp) break
          await sleep(50)
        }
      const visit = createBrowser()
      const page = await visit(`${origin}/login?returnTo=/`)
      expect([page.url, await page.text()]).toEqual([
        `${origin}/`,
        expect.stringContaining('Sign out'),
      ])
      expect(new Set(served.slice(0, 2)).size).toBe(2)
      // Both machines know the session, and share the token.
      for (let visits = 0; visits < 4; visits += 1) {
        const events = await visit(`${origin}/api/events`)
        expect([events.status, Array.isArray(await events.json())]).toEqual([200, true])
      }
      expect((await idp.control.stats()).counts.token).toBe(1)
      await visit(`${origin}/logout`, { method: 'POST' })
      for (let visits = 0; visits < 2; visits += 1)
        expect((await visit(`${origin}/api/events`)).status).toBe(401)
    } finally {
      for (const machine of machines) machine.kill('SIGKILL')
      server.closeAllConnections()
      server.close()
      await Promise.all([redis.stop(), idp.close()])
      rmSync(file, { force: true })
    }
  },
)
