import { describe, expect, test } from 'vitest'
import { request, useWebApp } from '../testing/web-app.ts'

const { oidc, begun } = useWebApp()

describe('the ID token', () => {
  test.each([
    ['another nonce', { claims: { nonce: 'other' } }, 'invalid_id_token'],
    ['another audience', { claims: { aud: 'other' } }, 'invalid_id_token'],
    ['another issuer', { claims: { iss: 'https://other.example' } }, 'invalid_id_token'],
    ['an end in the past', { claims: { exp: 1 } }, 'invalid_id_token'],
    ['a signature of a stranger', { claims: {}, signer: 'stranger' }, 'invalid_id_token'],
    ['no signature', { claims: {}, alg: 'none' }, 'invalid_id_token'],
  ])('is refused with %s', async (_what, change, code) => {
    const app = await oidc.create()
    const { answer } = await begun(app)
    await oidc.idp.control.addFault({
      endpoint: 'token',
      fault: { kind: 'idToken', ...change } as never,
    })
    await expect(app.signIn.finish(answer)).rejects.toMatchObject({ code })
    await app.close()
  })
})

describe('the response', () => {
  test('of another issuer is refused (RFC 9207), and so is a response without issuer', async () => {
    const app = await oidc.create()
    for (const iss of ['https://attacker.example', undefined]) {
      const { answer, cookies } = await begun(app)
      const url = new URL(answer.url)
      if (iss === undefined) url.searchParams.delete('iss')
      else url.searchParams.set('iss', iss)
      await expect(app.signIn.finish(request(url.href, cookies))).rejects.toMatchObject({
        code: 'issuer_identification_failed',
      })
    }
    await app.close()
  })

  test.each([
    ['https://app.example/callback', 'unusable_response'],
    ['https://app.example/callback?code=1', 'unusable_response'],
    ['https://app.example/callback?code=1&state=a&state=b', 'unusable_response'],
    ['https://app.example/callback?code=1&state=a', 'transaction_not_found'],
  ])('%s is refused', async (url, code) => {
    const app = await oidc.create()
    await expect(app.signIn.finish(new Request(url))).rejects.toMatchObject({ code })
    await app.close()
  })

  test('with an error of the provider gives a typed error', async () => {
    const app = await oidc.create()
    for (const [error, code] of [
      ['access_denied', 'access_denied'],
      ['login_required', 'interaction_required'],
      ['temporarily_unavailable', 'server_error'],
      ['invalid_request', 'authorization_failed'],
    ]) {
      const { answer, cookies } = await begun(app)
      const url = new URL(answer.url)
      url.searchParams.delete('code')
      url.searchParams.set('error', error ?? '')
      await expect(app.signIn.finish(request(url.href, cookies))).rejects.toMatchObject({ code })
    }
    await app.close()
  })
})
