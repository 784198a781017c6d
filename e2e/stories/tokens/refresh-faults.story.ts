import type { FaultRequest } from '@carnet/idp'
import type { App } from '../../steps/app.ts'
import { expect, story } from '../../world.ts'

const HOUR_MS = 3_600_000

/** Alice's token has expired, and no iframe can bring another token. */
async function anHourAfterSignIn(app: App): Promise<void> {
  await app.isSignedIn({ scopes: ['calendar.read'] }, 'Alice Adams', { silent: { iframe: false } })
  await app.jumps(HOUR_MS)
}

const HTML = '<!doctype html><h1>Bad gateway</h1>'
type Fault = FaultRequest['fault']

const passing: readonly [what: string, fault: Fault, code: string][] = [
  [
    'fails',
    { kind: 'respond', status: 502, headers: { 'content-type': 'text/html' }, body: HTML },
    'intermediary_answered',
  ],
  [
    'is hidden by a firewall',
    { kind: 'respond', status: 403, headers: { 'content-type': 'text/html' }, body: HTML },
    'intermediary_answered',
  ],
  ['is overloaded', { kind: 'respond', status: 429, body: { error: 'slow_down' } }, 'server_error'],
  ['breaks the connection', { kind: 'reset' }, 'network_error'],
  ['never responds', { kind: 'hang' }, 'timeout'],
  ['responds byte by byte', { kind: 'drip', bytesPerSecond: 2 }, 'timeout'],
  ['responds with a page', { kind: 'respond', status: 200, body: HTML }, 'intermediary_answered'],
  [
    'redirects to another address',
    { kind: 'redirect', location: 'http://127.0.0.1:9/' },
    'intermediary_answered',
  ],
]

for (const [what, fault, code] of passing) {
  story(`A token endpoint that ${what} ends no session`, async ({ app }) => {
    await app.isSignedIn({ scopes: ['calendar.read'] }, 'Alice Adams', { requestTimeoutMs: 800 })
    await app.jumps(HOUR_MS)
    await app.idp.control.addFault({ endpoint: 'token', fault })

    const { error } = await app.asks(['calendar.read'])
    expect(error).toMatchObject({ name: 'AuthError', code })

    await app.idp.control.clearFaults()
    // The provider processed the request and rotated the token, so the new token is lost.
    const isLostAnswer = fault.kind === 'drip' || fault.kind === 'hang'
    if (!isLostAnswer) expect((await app.asks(['calendar.read'])).answer?.fromCache).toBe(false)
  })
}

const refusals: readonly [what: string, fault: Fault, reason: string][] = [
  ['a status only', { kind: 'respond', status: 400, body: '' }, 'login'],
  [
    'interaction_required',
    { kind: 'respond', status: 400, body: { error: 'interaction_required' } },
    'interaction',
  ],
  [
    'consent_required',
    { kind: 'respond', status: 400, body: { error: 'consent_required' } },
    'consent',
  ],
]

for (const [what, fault, reason] of refusals) {
  story(`A refresh refused with ${what} requires the user`, async ({ app }) => {
    await anHourAfterSignIn(app)
    await app.idp.control.addFault({ endpoint: 'token', fault })
    const { error } = await app.asks(['calendar.read'])
    expect(error).toMatchObject({ code: 'interaction_required', reason })
    const again = await app.asks(['calendar.read'])
    // The client remembers missing consent, and retries after other errors.
    if (reason === 'consent') expect(again.error).toMatchObject({ reason })
    else expect(again.answer?.fromCache).toBe(false)
  })
}

story('A refreshed ID token of another user is refused', async ({ app }) => {
  await anHourAfterSignIn(app)
  await app.idp.control.addFault({
    endpoint: 'token',
    fault: { kind: 'idToken', claims: { sub: 'bob' } },
  })
  const { error } = await app.asks(['calendar.read'])
  expect(error).toMatchObject({ code: 'invalid_id_token' })
  const who = await app.page.evaluate(() => window.auth.activeAccount?.homeAccountId)
  expect(who).toBe('alice')
  // The response belongs to Bob, and the sent refresh token is redeemed.
  expect((await app.asks(['calendar.read'])).error).toMatchObject({ reason: 'no_tokens' })
})

const wrongClaims = {
  'for another client': { aud: 'other' },
  'that has expired': { iat: 1_000_000, exp: 1_000_060 },
  'without a subject': { sub: null },
}

for (const [what, claims] of Object.entries(wrongClaims)) {
  story(`A refreshed ID token ${what} is refused, and the session stays`, async ({ app }) => {
    await anHourAfterSignIn(app)
    await app.idp.control.addFault({ endpoint: 'token', fault: { kind: 'idToken', claims } })
    expect((await app.asks(['calendar.read'])).error).toMatchObject({ code: 'invalid_id_token' })
    // The provider rotated the refresh token. A second use of the old token would end its grant.
    for (let call = 0; call < 2; call++) {
      const { answer } = await app.asks(['calendar.read'], { forceRefresh: true })
      expect(answer?.fromCache).toBe(false)
    }
  })
}
