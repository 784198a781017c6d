import { aliceWithApis, callsApi } from '../../steps/apis/api-calls.ts'
import { expect, story } from '../../world.ts'

story('The metadata of an API names its scopes (RFC 9728)', async ({ app }) => {
  await aliceWithApis(app, { discoverResources: true })
  await app.idp.control.changeSettings({
    resourceMetadata: { scopes_supported: ['calendar.read', 'mail.read'] },
  })
  await app.idp.control.revokeAccessTokens()
  expect(await callsApi(app, '/api/echo')).toMatchObject({ status: 200, body: { sub: 'alice' } })
  const { resource_metadata, token } = await app.requests()
  expect([resource_metadata, token]).toEqual([1, 1])
  // The next call asks for the scopes of the metadata at once.
  expect((await callsApi(app, '/api/echo?scope=mail.read')).status).toBe(200)
  expect(await app.requests()).toMatchObject({ resource_metadata: 1, token: 1 })
})

story('Metadata of another API or issuer gets no token', async ({ app }) => {
  await aliceWithApis(app, { discoverResources: true, requestTimeoutMs: 1000 })
  const { control, issuer, otherOrigin } = app.idp
  const refuses = async (reason: RegExp) => {
    const { error } = await callsApi(app, '/api/echo?scope=mail.read')
    expect(error?.code).toBe('resource_metadata_invalid')
    expect(error?.message).toMatch(reason)
  }
  await control.revokeAccessTokens()
  for (const [changes, reason] of [
    [{ resource: 'https://other.example/api' }, /another URL/],
    [{ resource: `${issuer}/other` }, /another URL/],
    [{ resource: `${issuer}/api@other.example` }, /another URL/],
    [{ authorization_servers: ['https://other.example'] }, /our issuer/],
    [{ authorization_servers: [] }, /our issuer/],
    [{ scopes_supported: ['a b'] }, /no scopes/],
  ] as const) {
    await control.changeSettings({ resourceMetadata: changes as never })
    await refuses(reason)
  }
  const valid = { resource: `${issuer}/api`, authorization_servers: [issuer] }
  await control.changeSettings({ resourceMetadata: {} })
  for (const fault of [
    { kind: 'respond', status: 500, body: valid },
    { kind: 'respond', status: 200, body: '{' },
    { kind: 'respond', status: 200, body: { ...valid, filler: 'x'.repeat(300_000) } },
    { kind: 'redirect', location: `${otherOrigin}/api` },
    { kind: 'reset' },
    { kind: 'hang' },
  ] as const) {
    await control.addFault({ endpoint: 'resource_metadata', fault })
    await refuses(/not usable/)
  }
  await control.clearFaults()
  for (const address of [`${otherOrigin}/meta`, 'ftp://x/', 'no URL']) {
    const headers = { 'www-authenticate': `Bearer resource_metadata="${address}"` }
    await control.addFault({ endpoint: 'api', fault: { kind: 'respond', status: 401, headers } })
    await refuses(/its address/)
  }
  expect((await app.requests()).token).toBe(0)
  expect(await control.otherOrigin()).toMatchObject({ authorization: 0, requests: 0 })
})
