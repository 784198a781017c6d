import { aliceWithApis, callsApi, resourcesOf } from '../../steps/apis/api-calls.ts'
import type { App } from '../../steps/app.ts'
import { expect, story } from '../../world.ts'

/** An HTTP stack of the app over `XMLHttpRequest`, with the two calls for it. It returns each status, and the last text. */
const sendsByXhr = (app: App, path: string, interaction: 'popup' | 'none' = 'none') =>
  app.page.evaluate(
    async ([url, how]) => {
      const send = (request: Request) =>
        new Promise<Response>((resolve, reject) => {
          const xhr = new XMLHttpRequest()
          xhr.open(request.method, request.url)
          for (const [name, value] of request.headers) xhr.setRequestHeader(name, value)
          xhr.onerror = reject
          xhr.onload = () => {
            const header = xhr.getResponseHeader('www-authenticate')
            const headers = header === null ? {} : { 'www-authenticate': header }
            resolve(new Response(xhr.responseText, { status: xhr.status, headers }))
          }
          xhr.send('order')
        })
      const plain = () => new Request(url, { method: 'POST' })
      const statuses: number[] = []
      for (;;) {
        const request = await window.auth.authorize(plain())
        const response = await send(request)
        statuses.push(response.status)
        const isOk = response.ok
        const remedy = isOk
          ? 'none'
          : await window.auth.remedy(request, response, { interaction: how }).catch(window.seen)
        if (remedy !== 'retry')
          return { statuses, remedy, body: isOk ? await response.json() : undefined }
      }
    },
    [`${app.idp.issuer}${path}`, interaction] as const,
  )

story('`authorize` and `remedy` serve XMLHttpRequest', async ({ app }) => {
  await aliceWithApis(app)
  expect(await sendsByXhr(app, '/api/echo')).toMatchObject({
    statuses: [200],
    body: { sub: 'alice', bytes: 5 },
  })
  await app.idp.control.revokeAccessTokens()
  expect(await sendsByXhr(app, '/api/echo')).toMatchObject({ statuses: [401, 200] })
  expect(await sendsByXhr(app, '/api/claims')).toMatchObject({ statuses: [401, 200] })
  expect((await app.requests()).token).toBe(2)

  const needsUser = await sendsByXhr(app, '/api/step-up')
  expect(needsUser).toMatchObject({ statuses: [401], remedy: { code: 'interaction_required' } })
  const opening = app.page.waitForEvent('popup')
  const sending = sendsByXhr(app, '/api/step-up', 'popup')
  await (await opening).getByRole('button', { name: 'Approve' }).click()
  expect(await sending).toMatchObject({ statuses: [401, 200], body: { acr: 'mfa' } })

  // An API that refuses every token ends the loop of the stack.
  const headers = { 'www-authenticate': 'Bearer error="invalid_token"' }
  const fault = { kind: 'respond', status: 401, headers } as const
  await app.idp.control.addFault({ endpoint: 'api', count: 50, fault })
  await app.idp.control.resetStats()
  expect(await sendsByXhr(app, '/api/echo')).toMatchObject({ statuses: [401, 401] })
  expect(await sendsByXhr(app, '/api/echo')).toMatchObject({ statuses: [401] })
  expect((await app.requests()).token).toBe(1)
})

story(
  '`authorize` and `tokenFor` return a token for the URLs of the map, also for a socket',
  async ({ app }) => {
    await aliceWithApis(app)
    const found = await app.page.evaluate(async (issuer) => {
      const isSame = async (url: string, headers = {}) => {
        const request = new Request(url, { headers })
        return (await window.auth.authorize(request)) === request
      }
      const authorized = await window.auth.authorize(new Request(`${issuer}/api/echo`))
      const other = await window.auth.remedy(
        new Request('https://elsewhere.example/'),
        new Response(null, { status: 401 }),
      )
      return {
        same: [
          await isSame('https://elsewhere.example/'),
          await isSame(`${issuer}/api/public/echo`),
          await isSame(`${issuer}/api/echo`, { authorization: 'Bearer own' }),
        ],
        scheme: authorized.headers.get('authorization')?.split(' ')[0],
        other,
      }
    }, app.idp.issuer)
    expect(found).toEqual({ same: [true, true, true], scheme: 'Bearer', other: 'none' })

    const ask = (url: string, options = {}) =>
      app.page.evaluate(
        async ([target, given]) => {
          try {
            const { accessToken, scopes, fromCache } = await window.auth.tokenFor(target, given)
            return { isToken: accessToken.length > 20, scopes, fromCache }
          } catch (error) {
            return { error: window.seen(error) }
          }
        },
        [url, options] as const,
      )
    const { issuer } = app.idp
    const scopes = expect.arrayContaining(['calendar.read'])
    const token = { isToken: true, scopes, fromCache: true }
    expect(await ask(`${issuer}/api/hub`)).toEqual(token)
    expect(await ask(`${issuer.replace('http', 'ws')}/api/hub`)).toEqual(token)
    const refused = [
      `${issuer}/api/public/echo`,
      `${issuer}/other`,
      'https://elsewhere.example/hub',
    ]
    for (const url of refused)
      expect(await ask(url)).toMatchObject({ error: { code: 'invalid_request' } })
    await app.jumps(3_600_000)
    expect(await ask(`${issuer}/api/hub`)).toEqual({ ...token, fromCache: false })
    expect((await app.requests()).token).toBe(1)
    await app.calls('signOut', { interaction: 'none' })
    expect(await ask(`${issuer}/api/hub`)).toMatchObject({ error: { reason: 'no_account' } })
    // Without a user, `optional` sends the request without a token.
    const resources = { [`${issuer}/api/`]: { scopes: ['calendar.read'], optional: true } }
    await app.starts({ ...resourcesOf(app), resources })
    expect(await callsApi(app, '/api/public/echo')).toMatchObject({ body: { scheme: null } })
  },
)
