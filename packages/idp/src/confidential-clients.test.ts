import { createPrivateKey } from 'node:crypto'
import { request } from 'node:https'
import { json } from 'node:stream/consumers'
import { decodeJwt } from 'jose'
import * as client from 'openid-client'
import { expect, test } from 'vitest'
import type { ClientCredentials } from './model/options.ts'
import { type IdentityProvider, startIdentityProvider } from './provider/identity-provider.ts'
import { createClientCertificate } from './server/client-certificate.ts'

const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'

async function started(credentials: ClientCredentials, tls = false): Promise<IdentityProvider> {
  return startIdentityProvider({
    tls,
    mutualTls: tls,
    clients: [
      { clientId: 'spa', redirectUris: ['http://localhost:5173/'] },
      { clientId: 'job', redirectUris: [], credentials },
    ],
  })
}

const discovered = (idp: IdentityProvider, auth: client.ClientAuth) =>
  client.discovery(new URL(idp.issuer), 'job', {}, auth, {
    execute: [client.allowInsecureRequests],
  })

test('openid-client gets tokens by client credentials, with a secret and with a key', async () => {
  const { key, cert } = await createClientCertificate()
  const idp = await started({ secrets: ['s3cret'] })
  try {
    await idp.control.changeSettings({ refreshIn: 60 })
    const config = await discovered(idp, client.ClientSecretBasic('s3cret'))
    const tokens = await client.clientCredentialsGrant(config, { scope: 'calendar.read' })
    expect(tokens).toMatchObject({ scope: 'calendar.read', refresh_in: 60 })
    expect(decodeJwt(tokens.access_token)).toMatchObject({ sub: 'job', client_id: 'job' })

    idp.addClient({ clientId: 'job', redirectUris: [], credentials: { certificates: [cert] } })
    const pkcs8 = createPrivateKey(key).export({ type: 'pkcs8', format: 'der' })
    const algorithm = { name: 'RSA-PSS', hash: 'SHA-256' }
    const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign'])
    const proven = await discovered(idp, client.PrivateKeyJwt(privateKey))
    const { access_token } = await client.clientCredentialsGrant(proven, { scope: 'mail.read' })
    expect(decodeJwt(access_token).scope).toBe('mail.read')
  } finally {
    await idp.close()
  }
})

test('openid-client exchanges the token of a user, for a service that acts for the user', async () => {
  const idp = await started({ secrets: ['s3cret'] })
  try {
    const config = await discovered(idp, client.ClientSecretBasic('s3cret'))
    const actor = await client.clientCredentialsGrant(config, { scope: 'calendar.read' })
    const exchange = (fields: Record<string, string>) =>
      client.genericGrantRequest(config, TOKEN_EXCHANGE, {
        subject_token_type: ACCESS_TOKEN,
        scope: 'calendar.read offline_access',
        ...fields,
      })
    const tokens = await exchange({
      subject_token: await idp.accessTokenFor('alice'),
      actor_token: actor.access_token,
      actor_token_type: ACCESS_TOKEN,
      resource: `${idp.issuer}/calendar`,
    })
    expect(tokens.issued_token_type).toBe(ACCESS_TOKEN)
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      sub: 'alice',
      client_id: 'job',
      aud: `${idp.issuer}/calendar`,
      act: { sub: 'job' },
    })
    const renewed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '')
    expect(decodeJwt(renewed.access_token).sub).toBe('alice')
    await expect(
      client.refreshTokenGrant(config, tokens.refresh_token ?? ''),
    ).rejects.toMatchObject({ error: 'invalid_grant' })
    await expect(exchange({ subject_token: actor.access_token })).rejects.toMatchObject({
      error: 'invalid_grant',
    })
    await expect(exchange({ subject_token: 'no token' })).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  } finally {
    await idp.close()
  }
})

test('a certificate in the TLS handshake authenticates a client (RFC 8705)', async () => {
  const own = await createClientCertificate()
  const other = await createClientCertificate()
  const method = 'self_signed_tls_client_auth'
  const idp = await started({ certificates: [own.cert], method }, true)
  const ask = async (certificate: { key?: string; cert?: string }) => {
    const sent = request(`${idp.issuer}/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      rejectUnauthorized: false,
      agent: false,
      ...certificate,
    })
    const fields = { grant_type: 'client_credentials', client_id: 'job', scope: 'calendar.read' }
    sent.end(new URLSearchParams(fields).toString())
    const answer = await new Promise<import('node:http').IncomingMessage>((resolve, reject) =>
      sent.on('response', resolve).on('error', reject),
    )
    return { status: answer.statusCode, body: (await json(answer)) as Record<string, string> }
  }
  try {
    const { status, body } = await ask(own)
    expect(status).toBe(200)
    expect(decodeJwt(body.access_token ?? '').cnf).toEqual({ 'x5t#S256': expect.any(String) })
    expect((await ask(other)).body.error).toBe('invalid_client')
    expect((await ask({})).body.error).toBe('invalid_client')
  } finally {
    await idp.close()
  }
})
