import { createHash } from 'node:crypto'
import { aliceWithApis, resourcesOf } from '../../steps/apis/api-calls.ts'
import { startStreamingApi } from '../../steps/apis/streaming-api.ts'
import type { App } from '../../steps/app.ts'
import { expect, story } from '../../world.ts'

const KINDS = ['text', 'blob', 'form', 'parameters', 'buffer', 'view', 'request', 'large'] as const

/**
 * Sends a body of each kind at once. Returns the kinds whose body arrived, and the others with their answer. The boundary of a form
 * is new in each request, so its length must suffice.
 */
const sendsEachBody = (app: App, path: string, interaction: 'popup' | 'none' = 'none') =>
  app.page.evaluate(
    async ([url, kinds, how]) => {
      const bytes = new TextEncoder().encode('bytes \u0000 \u00ff')
      const form = new FormData()
      form.append('field', 'value')
      form.append('file', new Blob(['content']), 'file.txt')
      const bodies: Record<string, BodyInit> = {
        text: 'text with ünicode',
        blob: new Blob(['blob'], { type: 'text/plain' }),
        form,
        parameters: new URLSearchParams({ a: 'b c' }),
        buffer: bytes.buffer,
        view: bytes.subarray(2, 5),
        request: 'body of a request',
        large: new Uint8Array(1024 * 1024 + 1).fill(7),
      }
      const digestOf = async (data: ArrayBuffer) =>
        Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', data)), (byte) =>
          byte.toString(16).padStart(2, '0'),
        ).join('')
      const arrived = async (kind: string) => {
        const body = bodies[kind] ?? ''
        const carnet = { interaction: how as 'popup' }
        const init = { method: 'POST', body }
        const response = await (kind === 'request'
          ? window.auth.fetch(new Request(url, init), { carnet })
          : window.auth.fetch(url, { ...init, carnet }))
        const seen = await response.json()
        const sent = await new Response(body).arrayBuffer()
        const isSame =
          seen.bytes === sent.byteLength &&
          (kind === 'form' || seen.sha256 === (await digestOf(sent)))
        return response.ok && isSame ? kind : JSON.stringify([kind, response.status, seen])
      }
      return Promise.all(kinds.map((kind) => arrived(kind).catch((error) => `${kind}: ${error}`)))
    },
    [`${app.idp.issuer}${path}`, [...KINDS], interaction] as const,
  )

story('Each kind of body is sent again after each remedy', async ({ app }) => {
  await aliceWithApis(app)
  const { control } = app.idp
  await control.revokeAccessTokens()
  expect(await sendsEachBody(app, '/api/echo')).toEqual(KINDS)
  expect((await app.requests()).token).toBe(1)
  expect(await sendsEachBody(app, '/api/claims')).toEqual(KINDS)
  expect((await app.requests()).token).toBe(2)

  const opening = app.page.waitForEvent('popup')
  const stepping = sendsEachBody(app, '/api/step-up', 'popup')
  await (await opening).getByRole('button', { name: 'Approve' }).click()
  expect(await stepping).toEqual(KINDS)
  expect(await sendsEachBody(app, '/api/echo?scope=calendar.write', 'popup')).toEqual(KINDS)

  // A body that the app keeps for itself is not sent again.
  await control.resetStats()
  await control.revokeAccessTokens()
  const sent = await app.page.evaluate(async (url) => {
    const send = async () => {
      const request = new Request(url, { method: 'POST', body: 'once' })
      return (await window.auth.fetch(request, { carnet: { replay: false } })).status
    }
    return [await send(), await send()]
  }, `${app.idp.issuer}/api/echo`)
  // The remedy is done, so the next call works.
  expect(sent).toEqual([401, 200])
  expect((await app.requests()).token).toBe(1)
})

story.describe('over HTTP/2', () => {
  story.use({ ignoreHTTPSErrors: true })

  /** Streams 3 MB in chunks, with a token of the map. */
  const streams = (app: App, url: string) =>
    app.page.evaluate(async (target) => {
      let left = 48
      const body = new ReadableStream({
        pull(controller) {
          if (left === 0) return controller.close()
          controller.enqueue(new Uint8Array(64 * 1024).fill(left))
          left -= 1
        },
      })
      const init = { method: 'POST', body, duplex: 'half' }
      const response = await window.auth.fetch(target, init).catch((error) => `${error}`)
      return typeof response === 'string'
        ? response
        : { status: response.status, ...(await response.json()) }
    }, url)

  story('A streamed upload of 3 MB arrives, and is never sent again', async ({ app }) => {
    const hash = createHash('sha256')
    for (let left = 48; left > 0; left--) hash.update(Buffer.alloc(64 * 1024, left))
    const arrived = { status: 200, bytes: 3 * 1024 * 1024, sha256: hash.digest('hex') }
    const api = await startStreamingApi(app.idp.issuer)
    try {
      const { resources } = resourcesOf(app)
      await aliceWithApis(app, { resources: { ...resources, [api.url]: ['calendar.read'] } })
      expect(await streams(app, api.url)).toEqual(arrived)
      expect((await app.requests()).token ?? 0).toBe(0)

      // Its token lives for more than 5 minutes.
      await app.jumps(3_270_000)
      expect(await streams(app, api.url)).toEqual(arrived)
      // A stream cannot be sent again, so a token that ends in 40 seconds is renewed before.
      await app.jumps(290_000)
      await app.idp.control.revokeAccessTokens()
      await app.idp.control.resetStats()
      expect(await streams(app, api.url)).toMatchObject({ status: 200 })
      expect((await app.requests()).token).toBe(1)

      await app.idp.control.revokeAccessTokens()
      await app.idp.control.resetStats()
      expect(await streams(app, api.url)).toMatchObject({ status: 401 })
      expect((await app.requests()).token).toBe(1)
      expect(await streams(app, api.url)).toEqual(arrived)
      expect((await app.requests()).token).toBe(1)
    } finally {
      await api.close()
    }
  })
})
