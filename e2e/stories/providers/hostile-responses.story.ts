import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FaultRequest } from '@carnet/idp'
import { expect, story } from '../../world.ts'

const SCOPES = ['calendar.read']
const TIMEOUT_MS = 1000

type Fault = FaultRequest['fault']

const respond = (body: string, status = 200, type = 'application/json'): Fault => ({
  kind: 'respond',
  status,
  headers: { 'content-type': type },
  body,
})
const tokens = (set: Extract<Fault, { kind: 'tokenResponse' }>['set']): Fault => ({
  kind: 'tokenResponse',
  set,
})
const json = (fields: object) => JSON.stringify(fields)
const LONG = 'long '.repeat(20_000)

/** Responses of a token endpoint and their error codes. `undefined` if the response is valid. */
const answers: readonly [what: string, fault: Fault, code: string | undefined][] = [
  ['HTML with status 200', respond('<h1>Hello</h1>', 200, 'text/html'), 'intermediary_answered'],
  ['truncated JSON', respond('{"access_token":"a","token_ty'), 'invalid_response'],
  ['a list', respond('[{"access_token":"a"}]'), 'invalid_response'],
  ['a text', respond('"access_token"'), 'invalid_response'],
  [
    'a prototype',
    respond('{"__proto__":{"access_token":"a","token_type":"Bearer"}}'),
    'invalid_response',
  ],
  [
    'a constructor',
    tokens({ access_token: null, constructor: { access_token: 'a' } }),
    'invalid_response',
  ],
  ['an access token that is a number', tokens({ access_token: 7 }), 'invalid_response'],
  ['an access token that is empty', tokens({ access_token: '' }), 'invalid_response'],
  ['a token type that is a list', tokens({ token_type: ['Bearer'] }), 'invalid_response'],
  ['a token that is bound to a key', tokens({ token_type: 'DPoP' }), 'invalid_response'],
  ['a negative lifetime', tokens({ expires_in: -3600 }), 'invalid_response'],
  ['a lifetime that is no number', tokens({ expires_in: 'for ever' }), 'invalid_response'],
  ['a lifetime of a million years', tokens({ expires_in: 1e300 }), undefined],
  ['a lifetime in a text', tokens({ expires_in: '3600' }), undefined],
  ['scopes in a list', tokens({ scope: SCOPES }), 'invalid_response'],
  ['a malformed ID token', tokens({ id_token: 'x.y' }), 'invalid_id_token'],
  [
    'an ID token without a signature',
    { kind: 'idToken', claims: {}, alg: 'none' },
    'invalid_id_token',
  ],
  [
    'an error of 100 kB',
    respond(json({ error: 'invalid_client', error_description: LONG }), 400),
    'token_request_failed',
  ],
  [
    'an error with control characters',
    respond(json({ error: 'x\u0000\r\n', error_description: '\u202eevil\u0007' }), 400),
    'token_request_failed',
  ],
  ['a body byte by byte', { kind: 'drip', bytesPerSecond: 2 }, 'timeout'],
  ['no response', { kind: 'hang' }, 'timeout'],
]

story(
  'Each malformed token response gives an error code in time, and the session stays',
  async ({ app }) => {
    story.slow()
    const options = { requestTimeoutMs: TIMEOUT_MS, silent: { iframe: false } }
    await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', options)
    for (const [what, fault, code] of answers) {
      // The provider must not process the request, because the response would lose the rotated token.
      await app.idp.control.changeSettings({ rotateRefreshTokens: false })
      await app.idp.control.addFault({ endpoint: 'token', fault })
      const startedMs = Date.now()
      const { answer, error } = await app.asks(SCOPES, { forceRefresh: true })
      expect([what, error?.code]).toEqual([what, code])
      expect(Date.now() - startedMs).toBeLessThan(TIMEOUT_MS + 4000)
      if (error) {
        expect(error.hint).not.toBe('')
        const said = JSON.stringify(error)
        expect(said.length).toBeLessThan(2000)
        expect(said).not.toMatch(/\\u0000|\\r|\\u0007|\u202e/)
      } else {
        const expiresOn = new Date(answer?.expiresOn ?? Number.NaN)
        expect(expiresOn.getTime()).toBeGreaterThan(Date.now())
      }
      await app.idp.control.clearFaults()
      await app.jumps(60_000) // The jump ends any pause after a failure.
      const after = await app.asks(SCOPES)
      expect([what, after.answer?.uniqueId]).toEqual([what, 'alice'])
    }
    const names = await app.page.evaluate(() => Object.getOwnPropertyNames(Object.prototype))
    expect(names).not.toContain('access_token')
  },
)

story('A response of 20 MB leaves no data in memory', async ({ app }) => {
  await app.isSignedIn({ scopes: SCOPES })
  await app.idp.control.changeSettings({ rotateRefreshTokens: false })
  const session = await app.page.context().newCDPSession(app.page)
  const usedBytes = async () => {
    await session.send('HeapProfiler.collectGarbage')
    return (await session.send('Runtime.getHeapUsage')).usedSize
  }
  const refuses = async () => {
    const body = `{"access_token":"${'x'.repeat(20_000_000)}"}`
    await app.idp.control.addFault({ endpoint: 'token', fault: respond(body) })
    expect((await app.asks(SCOPES, { forceRefresh: true })).error?.code).toBe('invalid_response')
  }
  await refuses()
  const before = await usedBytes()
  for (let again = 0; again < 3; again++) await refuses()
  expect((await usedBytes()) - before).toBeLessThan(2_000_000)
})

story('A redirect of the token endpoint leaks no secret', async ({ app }) => {
  const arrived: string[] = []
  const elsewhere = createServer((request, response) => {
    arrived.push(`${request.method} ${request.url}`)
    response.setHeader('access-control-allow-origin', '*')
    response.end('{}')
  })
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
  const { port } = elsewhere.address() as AddressInfo
  const fault: Fault = { kind: 'redirect', location: `http://127.0.0.1:${port}/token` }
  await app.isSignedIn({ scopes: SCOPES })

  await app.idp.control.addFault({ endpoint: 'token', fault })
  const refreshed = await app.asks(SCOPES, { forceRefresh: true })
  expect(refreshed.error).toMatchObject({ code: 'intermediary_answered' })
  await app.idp.control.addFault({ endpoint: 'token', fault })
  await app.leavesBy('signIn', { scopes: SCOPES })
  await app.page.waitForURL(/#.*state=/)
  expect((await app.starts()).error).toMatchObject({ code: 'intermediary_answered' })
  expect(arrived).toEqual([])
  await app.starts()
  expect((await app.asks(SCOPES)).answer?.uniqueId).toBe('alice')
  elsewhere.close()
})

const documents: readonly [what: string, body: string, status?: number][] = [
  ['HTML', '<h1>Hello</h1>'],
  ['truncated JSON', '{"issuer":"http'],
  ['a list', '[]'],
  ['20 MB', json({ issuer: 'x'.repeat(20_000_000) })],
  ['a prototype', '{"__proto__":{"issuer":"x"}}'],
  ['an issuer that is a list', json({ issuer: ['x'] })],
  ['endpoints over plain http', json({ authorization_endpoint: 'http://evil.example/a' })],
  ['endpoints that are scripts', json({ token_endpoint: 'javascript:alert(1)' })],
  ['a page that is not found', 'no', 404],
]

story('An invalid discovery document gives an error, and is fetched again', async ({ app }) => {
  await app.idp.control.changeSettings({ consent: 'skip' })
  for (const [what, body, status] of documents) {
    const document = body.startsWith('{"authorization') || body.startsWith('{"token')
    const fault: Fault = document
      ? respond(json({ issuer: app.idp.issuer, ...JSON.parse(body) }))
      : respond(body, status)
    await app.idp.control.addFault({ endpoint: 'discovery', fault, count: 50 })
    await app.page.reload()
    await app.starts()
    const { error } = await app.calls('acquireTokenRedirect', { scopes: SCOPES })
    expect([what, error?.code]).toEqual([
      what,
      expect.stringMatching(/^(discovery_failed|issuer_mismatch)$/),
    ])
    await app.idp.control.clearFaults()
  }
  await app.isSignedIn({ scopes: SCOPES })
  expect((await app.asks(SCOPES)).answer?.uniqueId).toBe('alice')
})

story('The client starts or reports an error for each forged address', async ({ app }) => {
  await app.isSignedIn({ scopes: SCOPES })
  await app.leavesBy('signIn', {})
  await app.page.waitForURL(/#.*state=/)
  const state = new URLSearchParams(new URL(app.page.url()).hash.slice(1)).get('state') ?? ''
  await app.starts() // The response is redeemed, so the next addresses are forged.
  const responses = [
    `code=a&state=${state}`,
    `code=a&code=b&state=${state}&state=${state}`,
    `error=access_denied&error_description=${encodeURIComponent(LONG)}&state=${state}`,
    `error=%00%0d%0a%e2%80%ae&state=${state}`,
    `code=%ff%fe&state=${state}`,
    `code=a&state=${state}&iss=https://evil.example`,
    `__proto__=x&constructor=y&code=a&state=${state}`,
    `code=<script>alert(1)</script>&state=${state}`,
  ]
  for (const response of responses) {
    await app.page.goto('about:blank')
    await app.page.goto(`${app.world.bareUrl}#${response}`)
    const { error } = await app.starts()
    expect(error).toMatchObject({ code: 'transaction_not_found' })
    expect(app.page.url()).toBe(app.world.bareUrl)
    await app.starts()
    expect((await app.asks(SCOPES)).answer?.fromCache).toBe(true)
  }
})

story('Forged messages on the channels have no effect', async ({ app }) => {
  await app.isSignedIn({ scopes: SCOPES })
  const other = await app.page.context().newPage()
  await other.goto(app.world.bareUrl)
  const errors: string[] = []
  app.page.on('pageerror', (error) => errors.push(error.message))
  await other.evaluate(() => {
    const issuer = encodeURIComponent(window.authority.replace(/\/$/, ''))
    const channel = new BroadcastChannel(`carnet|carnet|${issuer}+spa`)
    window.heard = []
    channel.addEventListener('message', ({ data }) => window.heard.push({ name: data.type }))
    const shouts = [
      null,
      'text',
      7,
      [],
      { type: 'accountsChanged' },
      { type: 'accountsChanged', account: { toString: 'x' } },
      { type: 'accountsChanged', account: 'x'.repeat(1_000_000) },
      {
        type: 'tokensChanged',
        account: 'x',
        token: { scopes: [{}], expiresAtMs: 'x' },
      },
      { type: '__proto__', account: 'x' },
      { type: 'constructor', account: 'x' },
      new Map([['type', 'accountsChanged']]),
      new Blob(['x']),
    ]
    for (const shout of shouts) channel.postMessage(shout)
  })
  expect((await app.asks(SCOPES)).answer?.uniqueId).toBe('alice')
  expect(await app.page.evaluate(() => window.auth.accounts.length)).toBe(1)
  // The story posted to the channel of the app's tabs.
  await app.calls('acquireTokenSilent', { scopes: SCOPES, forceRefresh: true })
  await expect.poll(() => other.evaluate(() => window.heard)).toEqual([{ name: 'tokensChanged' }])
  expect(errors).toEqual([])
})
