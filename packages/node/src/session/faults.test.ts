/** The failure matrix: each flow with a user, with each fault of the token endpoint. */
import { startEntraProvider, startIdentityProvider } from '@carnet/idp'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createConfidentialClient } from '../client/create-confidential-client.ts'
import { createPublicClient } from '../client/create-public-client.ts'
import { clientSecret } from '../credentials/client-secret.ts'
import { acquireTokenByUsernamePassword } from '../legacy/username-password.ts'
import { CALLBACK, createAgent, request } from '../testing/web-app.ts'

const secret = 's3cret-of-the-web-app'
const tool = {
  clientId: 'tool',
  redirectUris: ['http://127.0.0.1/callback', 'http://localhost'],
  isNative: true,
}
const web = { clientId: 'web', redirectUris: [CALLBACK], credentials: { secrets: [secret] } }
let idp: Awaited<ReturnType<typeof startIdentityProvider>>
let entra: Awaited<ReturnType<typeof startEntraProvider>>
beforeAll(async () => {
  ;[idp, entra] = await Promise.all([
    startIdentityProvider({
      settings: { consent: 'skip', signInAs: 'alice' },
      clients: [tool, web],
    }),
    startEntraProvider({ settings: { consent: 'skip' }, clients: [tool] }),
  ])
})
afterEach(() => Promise.all([idp.control.reset(), entra.control.reset()]))
afterAll(() => Promise.all([idp.close(), entra.close()]))

const scopes = ['calendar.read']

interface Run {
  /** Called when the next request is that of the token endpoint. */
  readonly break: () => Promise<unknown>
  readonly requestTimeoutMs: number
  readonly offsetMs?: number
  readonly signal?: AbortSignal
}

const optionsOf = ({ requestTimeoutMs, offsetMs = 0 }: Run) => ({
  requestTimeoutMs,
  clock: { now: () => Date.now() + offsetMs },
})

/** A web app, and the response to its sign-in. */
async function atCallback(run: Run) {
  const app = await createConfidentialClient({
    ...optionsOf(run),
    clientId: 'web',
    authority: idp.issuer,
    credential: clientSecret(secret),
  })
  const { url, cookies } = await app.signIn.begin({ redirectUri: CALLBACK, scopes })
  const location = await createAgent({ origin: idp.issuer }).authorize(url)
  return { app, answer: request(location, cookies) }
}

/** Each flow stops before its token request, and returns the rest. */
const flows = {
  async 'web app'(run: Run) {
    const { app, answer } = await atCallback(run)
    await run.break()
    return (await app.signIn.finish(answer, run)).result
  },
  async 'browser of a tool'(run: Run) {
    const app = await createPublicClient({
      ...optionsOf(run),
      clientId: 'tool',
      authority: idp.issuer,
    })
    return app.acquireTokenInteractive({
      scopes,
      signal: run.signal,
      async openBrowser(url) {
        const answer = await createAgent({ origin: idp.issuer }).authorize(url)
        await run.break()
        fetch(answer).catch(() => undefined)
      },
    })
  },
  async 'renewal of a job'(run: Run) {
    const { app, answer } = await atCallback(run)
    const { account } = await app.signIn.finish(answer)
    await run.break()
    return app
      .forUser(account.id)
      .acquireTokenSilent({ scopes, forceRefresh: true, signal: run.signal })
  },
  async 'user name and password'(run: Run) {
    const app = await createPublicClient({
      ...optionsOf(run),
      clientId: 'tool',
      authority: entra.authority('home'),
      authorityProfile: 'entra',
    })
    // Discovery must not meet the fault.
    await acquireTokenByUsernamePassword(app, { ...alice, password: 'wrong' }).catch(() => 0)
    await run.break()
    return acquireTokenByUsernamePassword(app, { ...alice, signal: run.signal })
  },
  async 'renewal of a tool'(run: Run) {
    const app = await createPublicClient({
      ...optionsOf(run),
      clientId: 'tool',
      authority: idp.issuer,
    })
    const visits: Promise<unknown>[] = []
    const agent = createAgent({ origin: idp.issuer })
    await app.acquireTokenInteractive({
      scopes,
      openBrowser: (url) => void visits.push(agent.authorize(url).then((back) => fetch(back))),
    })
    await Promise.all(visits)
    await run.break()
    return app.acquireTokenSilent({ scopes, forceRefresh: true, signal: run.signal })
  },
  async 'token exchange'(run: Run) {
    const app = await createConfidentialClient({
      ...optionsOf(run),
      clientId: 'web',
      authority: idp.issuer,
      credential: clientSecret(secret),
    })
    const subjectToken = await idp.accessTokenFor('alice', { clientId: 'tool' })
    // Discovery must not meet the fault.
    await app.acquireTokenForApp({ scopes })
    await run.break()
    return app.exchange({ subjectToken, scopes, signal: run.signal })
  },
}
const alice = { username: 'alice', password: 'password', scopes: ['User.Read'] }
const names = Object.keys(flows) as (keyof typeof flows)[]

const html = { 'content-type': 'text/html' }
const answer = (status: number, body = '{}', headers = {}) => ({
  kind: 'respond',
  status,
  body,
  headers,
})
const faults: readonly (readonly [string, object, RegExp])[] = [
  ['no answer', { kind: 'hang' }, /^timeout$/],
  ['a slow body', { kind: 'drip', bytesPerSecond: 1 }, /^timeout$/],
  ['a broken connection', { kind: 'reset' }, /^network_error$/],
  [
    'a redirect',
    { kind: 'redirect', location: 'https://evil.example/' },
    /^intermediary_answered$/,
  ],
  ['400', answer(400, '{"error":"invalid_request"}'), /^token_request_failed$/],
  [
    'invalid_grant',
    answer(400, '{"error":"invalid_grant"}'),
    /^(token_request_failed|interaction_required)$/,
  ],
  ['401', answer(401, '{"error":"invalid_client"}'), /^client_authentication_failed$/],
  ['403 with a page', answer(403, '<html>', html), /^intermediary_answered$/],
  ['429', answer(429), /^server_error$/],
  ['500', answer(500), /^server_error$/],
  ['503 with a page', answer(503, '<html>', html), /^(server_error|intermediary_answered)$/],
  ['200 with a page', answer(200, '<html>', html), /^intermediary_answered$/],
  ['200 without fields', answer(200), /^invalid_response$/],
]
const endpointOf = (flow: keyof typeof flows) => (flow === 'user name and password' ? entra : idp)
const timeoutOf = (what: string) => (what === 'no answer' || what === 'a slow body' ? 1500 : 10_000)
const matrix = names.flatMap((flow) => faults.map((fault) => [flow, ...fault] as const))

test.each(matrix)('%s, %s: one typed error with a hint', async (flow, what, fault, code) => {
  const add = () =>
    endpointOf(flow).control.addFault({ endpoint: 'token', count: 9, fault: fault as never })
  const error = await flows[flow]({
    break: add,
    requestTimeoutMs: timeoutOf(what),
  }).catch((cause: unknown) => cause)
  expect(error).toMatchObject({
    code: expect.stringMatching(code),
    hint: expect.any(String),
    correlationId: expect.any(String),
  })
})

test.each(names.flatMap((flow) => [-1, 1].map((days) => [flow, days] as const)))(
  '%s works with a clock that is %d day wrong',
  async (flow, days) => {
    const run = { break: async () => 0, requestTimeoutMs: 10_000, offsetMs: days * 86_400_000 }
    expect((await flows[flow](run)).accessToken).toMatch(/^ey/)
  },
)

test.each(names)('%s: an abort ends the waiting, while the request is on the way', async (flow) => {
  const { control } = endpointOf(flow)
  const requests = async () => (await control.stats()).counts.token
  const stop = new AbortController()
  let before = Number.POSITIVE_INFINITY
  const hang = async () => {
    before = await requests()
    await control.addFault({ endpoint: 'token', count: 9, fault: { kind: 'hang' } })
  }
  const run = { break: hang, requestTimeoutMs: 10_000, signal: stop.signal }
  const call = flows[flow](run).catch((cause: unknown) => cause)
  await expect.poll(async () => (await requests()) > before).toBe(true)
  stop.abort()
  expect(await call).toMatchObject({
    code: 'aborted',
    hint: expect.any(String),
    correlationId: expect.any(String),
  })
})

test.each(faults)(
  'a pushed request, %s: one typed error with a hint',
  async (what, fault, code) => {
    const app = await createConfidentialClient({
      requestTimeoutMs: timeoutOf(what),
      clientId: 'web',
      authority: idp.issuer,
      credential: clientSecret(secret),
    })
    await app.acquireTokenForApp({ scopes })
    await idp.control.addFault({ endpoint: 'par', count: 9, fault: fault as never })
    const begun = app.signIn.begin({ redirectUri: CALLBACK, scopes, pushed: true })
    await expect(begun).rejects.toMatchObject({
      code: expect.stringMatching(code),
      hint: expect.any(String),
      correlationId: expect.any(String),
    })
  },
)

test.each(faults)('the keys of the provider, %s: no token is stored', async (what, fault) => {
  const { app, answer } = await atCallback({
    break: async () => 0,
    requestTimeoutMs: timeoutOf(what),
  })
  await idp.control.addFault({ endpoint: 'jwks', count: 9, fault: fault as never })
  await expect(app.signIn.finish(answer)).rejects.toMatchObject({
    code: expect.stringMatching(
      /^(timeout|network_error|intermediary_answered|server_error|invalid_response|invalid_id_token)$/,
    ),
    hint: expect.any(String),
    correlationId: expect.any(String),
  })
  expect(app.health().memory.tokens).toBe(0)
})
