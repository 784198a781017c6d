import { ConfidentialClientApplication } from '@azure/msal-node'
import { type EntraProvider, startEntraProvider } from '@carnet/idp'
import * as openid from 'openid-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { clientSecret } from '../credentials/client-secret.ts'
import { claimsOf } from '../credentials/federated.ts'
import { API, GRAPH, SECRET } from '../testing/service.ts'
import { createConfidentialClient } from './create-confidential-client.ts'

let idp: EntraProvider
beforeAll(async () => {
  // The provider has a self-signed certificate, because MSAL for Node refuses http.
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
  idp = await startEntraProvider({
    tls: true,
    settings: { consent: 'skip' },
    clients: [
      { clientId: 'spa', redirectUris: ['http://localhost:5173/'] },
      { clientId: API, redirectUris: [], credentials: { secrets: [SECRET] } },
    ],
  })
})
afterAll(async () => {
  delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
  await idp.close()
})

const carnet = () =>
  createConfidentialClient({
    clientId: API,
    authority: idp.authority('home'),
    authorityProfile: 'entra',
    credential: clientSecret(SECRET),
  })
const msal = () =>
  new ConfidentialClientApplication({
    auth: {
      clientId: API,
      authority: idp.authority('home'),
      clientSecret: SECRET,
      knownAuthorities: [new URL(idp.origin).host],
    },
  })
const openidClient = () =>
  openid.discovery(
    new URL(`${idp.authority('home')}/v2.0`),
    API,
    {},
    openid.ClientSecretPost(SECRET),
  )

/** The claims of a token, except those that differ between two tokens of one client. */
function lastingClaims(token: string | undefined) {
  const { iat, nbf, exp, jti, uti, aio, rh, ...lasting } = claimsOf(token ?? '') ?? {}
  expect(Number(exp) - Number(iat)).toBeGreaterThan(0)
  return lasting
}

test('Carnet, MSAL for Node and openid-client receive the same tokens for an app', async () => {
  const own = await (await carnet()).acquireTokenForApp({ scopes: [GRAPH] })
  const theirs = await msal().acquireTokenByClientCredential({ scopes: [GRAPH] })
  const plain = await openid.clientCredentialsGrant(await openidClient(), { scope: GRAPH })
  const claims = lastingClaims(own.accessToken)
  expect(claims).toMatchObject({ azp: API, idtyp: 'app', tid: idp.tenants.home.id })
  expect(lastingClaims(theirs?.accessToken)).toEqual(claims)
  expect(lastingClaims(plain.access_token)).toEqual(claims)
})

test('Carnet, MSAL for Node and openid-client receive the same tokens on behalf of a user', async () => {
  const assertion = await idp.accessTokenFor('alice')
  const scopes = ['User.Read']
  const own = await (await carnet()).acquireTokenOnBehalfOf({ assertion, scopes })
  const theirs = await msal().acquireTokenOnBehalfOf({ oboAssertion: assertion, scopes })
  const grant = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
  const plain = await openid.genericGrantRequest(await openidClient(), grant, {
    assertion,
    requested_token_use: 'on_behalf_of',
    scope: 'User.Read openid profile',
  })
  const claims = lastingClaims(own.accessToken)
  expect(claims).toMatchObject({ azp: API, oid: claimsOf(assertion)?.oid })
  expect(String(claims.scp).split(' ')).toContain('User.Read')
  expect({ ...lastingClaims(theirs?.accessToken), scp: claims.scp }).toEqual(claims)
  expect({ ...lastingClaims(plain.access_token), scp: claims.scp }).toEqual(claims)
  expect(own.account?.homeAccountId).toBe(theirs?.account?.homeAccountId)
  expect(own.account?.username).toBe(theirs?.account?.username)
})
