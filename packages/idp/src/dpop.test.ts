import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { answerOf, startApp } from './testing/app.ts'
import { createProver, type ProofFields, type Prover } from './testing/proofs.ts'

let app: Awaited<ReturnType<typeof startApp>>
let prover: Prover
beforeAll(async () => {
  app = await startApp({ settings: { consent: 'skip' } })
  prover = await createProver()
})
beforeEach(() => app.control.reset())
afterAll(() => app.close())

const scope = 'openid calendar.read'

async function token(fields: Record<string, string>, proof: ProofFields | null = {}, by = prover) {
  const url = `${app.issuer}/token`
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      origin: 'http://localhost:5173',
      ...(proof && { dpop: await by.proof('POST', url, proof) }),
    },
    body: new URLSearchParams({ client_id: 'spa', ...fields }),
  })
  const body = (await response.json()) as Record<string, string>
  return { status: response.status, nonce: response.headers.get('dpop-nonce') ?? undefined, body }
}

const refresh = (refreshToken = '', proof?: ProofFields | null, by = prover) =>
  token({ grant_type: 'refresh_token', refresh_token: refreshToken }, proof, by)

async function signIn(proof?: ProofFields) {
  let code = ''
  const browser = app.browser()
  let page = await browser.visit(app.authorizationUrl({ scope, dpop_jkt: prover.jkt }))
  page = await browser.press(page, { action: 'continue', account: 'alice' })
  code = answerOf(page).code ?? ''
  const redirect = { redirect_uri: 'http://localhost:5173/', code_verifier: app.verifier }
  return token({ grant_type: 'authorization_code', code, ...redirect }, proof)
}

async function api(accessToken: string, proof?: ProofFields | string, by = prover, path = 'echo') {
  const url = `${app.issuer}/api/${path}`
  const header =
    typeof proof === 'string'
      ? proof
      : proof && (await by.proof('GET', url, { accessToken, ...proof }))
  const response = await fetch(url, {
    headers: { authorization: `DPoP ${accessToken}`, ...(header && { dpop: header }) },
  })
  return {
    status: response.status,
    challenge: response.headers.get('www-authenticate') ?? '',
    nonce: response.headers.get('dpop-nonce') ?? undefined,
    date: response.headers.get('date'),
  }
}

test('tokens are bound to the key, and other keys are refused', async () => {
  const { body } = await signIn()
  expect(body.token_type).toBe('DPoP')
  expect(decodeJwt(body.access_token ?? '')).toMatchObject({ cnf: { jkt: prover.jkt } })
  expect((await api(body.access_token ?? '', {})).status).toBe(200)

  const stranger = await createProver()
  expect(await api(body.access_token ?? '', {}, stranger)).toMatchObject({
    status: 401,
    challenge: expect.stringContaining('error="invalid_token"'),
  })
  const asBearer = await app.api('echo', body.access_token)
  expect(asBearer.status).toBe(401)
  expect((await api(body.access_token ?? '')).challenge).toContain('invalid_dpop_proof')

  expect((await refresh(body.refresh_token, {}, stranger)).body.error).toBe('invalid_grant')
  expect((await refresh(body.refresh_token, null)).body.error).toBe('invalid_grant')
  expect((await refresh(body.refresh_token)).body.token_type).toBe('DPoP')
})

test('an API refuses replayed and old proofs, and proofs for other requests', async () => {
  const { body } = await signIn()
  const accessToken = body.access_token ?? ''
  const once = await prover.proof('GET', `${app.issuer}/api/echo`, { accessToken })
  expect((await api(accessToken, once)).status).toBe(200)
  expect((await api(accessToken, once)).challenge).toContain('used before')
  expect((await api(accessToken, { ahead: -600 })).challenge).toContain('iat is not recent')
  expect((await api(accessToken, { accessToken: 'other' })).challenge).toContain('another token')
  const elsewhere = await prover.proof('GET', `${app.issuer}/api/mail`, { accessToken })
  expect((await api(accessToken, elsewhere)).challenge).toContain('another address')

  await app.control.changeSettings({ apiClockOffset: 600 })
  const early = await api(accessToken, {})
  expect(early.challenge).toContain('iat is not recent')
  const aheadMs = Date.parse(early.date ?? '') - Date.now()
  expect(aheadMs).toBeGreaterThan(590_000)
  expect((await api(accessToken, { ahead: 600 })).status).toBe(200)
})

test('nonces of the APIs expire, or work once', async () => {
  const { body } = await signIn()
  const accessToken = body.access_token ?? ''
  await app.control.changeSettings({ apiNonces: 'required', nonceLifetime: 1 })
  const first = await api(accessToken, {})
  expect(first).toMatchObject({ status: 401, challenge: expect.stringContaining('use_dpop_nonce') })
  const { nonce } = first
  expect((await api(accessToken, { nonce })).status).toBe(200)
  expect((await api(accessToken, { nonce })).status).toBe(200)
  await new Promise((resolve) => setTimeout(resolve, 1050))
  expect((await api(accessToken, { nonce })).challenge).toContain('use_dpop_nonce')

  await app.control.changeSettings({ apiNonces: 'once', nonceLifetime: 300 })
  const { nonce: single } = await api(accessToken, {})
  expect((await api(accessToken, { nonce: single })).status).toBe(200)
  expect((await api(accessToken, { nonce: single })).challenge).toContain('use_dpop_nonce')
})

test('nonces of the authorization server are checked by oidc-provider', async () => {
  const { body } = await signIn()
  expect((await refresh(body.refresh_token)).nonce).toBeUndefined()
  await app.control.changeSettings({ authorizationServerNonces: 'once' })
  const { body: issued } = await signIn({ nonce: await newNonce() })
  const asked = await refresh(issued.refresh_token)
  expect(asked).toMatchObject({ status: 400, body: { error: 'use_dpop_nonce' } })
  const { nonce = '' } = asked
  const renewed = await refresh(issued.refresh_token, { nonce })
  expect(renewed.status).toBe(200)
  expect(renewed.nonce).not.toBe(nonce)
  expect((await refresh(renewed.body.refresh_token, { nonce })).body.error).toBe('use_dpop_nonce')
})

test('a server that burns refresh tokens loses a token that comes without a nonce', async () => {
  await app.control.changeSettings({
    authorizationServerNonces: 'required',
    burnsRefreshTokens: true,
  })
  const { body, nonce } = await signIn({ nonce: await newNonce() })
  const kept = await refresh(body.refresh_token, { nonce })
  expect(kept.status).toBe(200)
  const asked = await refresh(kept.body.refresh_token)
  expect(asked.body.error).toBe('use_dpop_nonce')
  expect((await refresh(kept.body.refresh_token, { nonce: asked.nonce })).body.error).toBe(
    'invalid_grant',
  )
})

test('DPoP can be switched off and be required', async () => {
  await app.control.changeSettings({ dpop: 'off' })
  const discovery = await (await fetch(`${app.issuer}/.well-known/openid-configuration`)).json()
  expect(discovery).not.toHaveProperty('dpop_signing_alg_values_supported')
  expect((await signIn()).body.token_type).toBe('Bearer')

  await app.control.changeSettings({ dpop: 'required' })
  const { body } = await signIn()
  expect((await refresh(body.refresh_token, null)).body.error).toBe('invalid_grant')
  expect((await app.api('echo')).headers.get('www-authenticate')).toBe(
    'DPoP algs="ES256 EdDSA Ed25519"',
  )
})

test('authorization requests can be pushed, also as a duty', async () => {
  await app.control.changeSettings({ requirePushedRequests: true, signInAs: 'alice' })
  const refused = await app.browser().visit(app.authorizationUrl({ scope }))
  expect(answerOf(refused)).toMatchObject({ error: 'invalid_request' })
  const discovery = await (await fetch(`${app.issuer}/.well-known/openid-configuration`)).json()
  expect(discovery).toMatchObject({
    require_pushed_authorization_requests: true,
    pushed_authorization_request_endpoint: `${app.issuer}/request`,
  })
  const claims = JSON.stringify({ access_token: { acrs: { essential: true, value: 'c1' } } })
  const { searchParams } = new URL(app.authorizationUrl({ scope, claims, dpop_jkt: prover.jkt }))
  const pushed = await app.post('/request', Object.fromEntries(searchParams))
  expect(pushed.status).toBe(201)
  expect((await app.control.stats()).counts.par).toBe(1)
  const url = `${app.issuer}/auth?${new URLSearchParams({ client_id: 'spa', request_uri: pushed.body.request_uri ?? '' })}`
  expect(answerOf(await app.browser().visit(url)).code).toBeTruthy()
})

test('authorization details reach the token', async () => {
  const details = [{ type: 'payment_initiation', amount: '1' }]
  const { access_token, refresh_token } = await app.signIn({
    scope,
    authorization_details: JSON.stringify(details),
  })
  expect(await (await app.api('echo', access_token)).json()).toMatchObject({
    authorization_details: details,
  })
  const renewed = await app.refresh(refresh_token)
  expect(decodeJwt(renewed.body.access_token ?? '')).toMatchObject({
    authorization_details: details,
  })
})

test('token responses can announce the end of the refresh token', async () => {
  await app.control.changeSettings({ announceRefreshTokenExpiry: true, refreshTokenLifetime: 100 })
  expect(await app.signIn({ scope })).toMatchObject({
    refresh_token_timeout: 100,
    authorization_expires_in: 200,
  })
})

async function newNonce(): Promise<string | undefined> {
  return (await refresh('none')).nonce
}
