import { expect, story } from '../../world.ts'

const missing: readonly [what: string, discovery: object, request?: object][] = [
  ['the code flow', { response_types_supported: ['id_token'] }],
  ['PKCE with S256', { code_challenge_methods_supported: ['plain'] }],
  ['a response mode for pages', { response_modes_supported: ['form_post'] }],
  ['the value of `prompt`', { prompt_values_supported: ['none', 'login'] }, { prompt: 'create' }],
  ['the claims parameter', { claims_parameter_supported: false }, { claims: '{"id_token":{}}' }],
  [
    'requests without PAR',
    {
      require_pushed_authorization_requests: true,
      pushed_authorization_request_endpoint: null,
    },
  ],
]

for (const [what, discovery, request] of missing) {
  story(
    `The metadata of the provider lacks ${what}: the sign-in fails before it navigates`,
    async ({ app }) => {
      await app.idp.control.changeSettings({ discovery: discovery as never })
      await app.starts()
      const { error } = await app.calls('signIn', request)
      expect(error).toMatchObject({ code: 'unsupported_by_provider' })
      expect((await app.requests()).authorization).toBe(0)
    },
  )
}

story(
  'The provider supports the response mode `query` only: Alice signs in by query',
  async ({ app }) => {
    await app.idp.control.changeSettings({ discovery: { response_modes_supported: ['query'] } })
    const { answer } = await app.isSignedIn({ scopes: ['calendar.read'] })
    expect(answer?.username).toBe('alice@example.com')
  },
)

story('The app sets the metadata: the client sends no discovery request', async ({ app }) => {
  const { issuer } = app.idp
  const document = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()
  const { authorization_endpoint, token_endpoint } = document
  await app.idp.control.resetStats()
  await app.idp.control.addFault({ endpoint: 'discovery', count: 100, fault: { kind: 'reset' } })
  const metadata = { issuer, authorization_endpoint, token_endpoint }
  const { answer } = await app.isSignedIn({ scopes: ['calendar.read'] }, 'Alice Adams', {
    metadata,
  })
  expect(answer?.username).toBe('alice@example.com')
  expect((await app.requests()).discovery).toBe(0)
})

story(
  'The authority is not the issuer: the app names the issuer and the document, and the session survives a reload',
  async ({ app }) => {
    const { issuer } = app.idp
    // Nothing answers at this authority, as at a name that only some networks know.
    const options = {
      authority: 'https://sign-in.carnet.invalid',
      issuer,
      metadataUrl: `${issuer}/.well-known/openid-configuration`,
    }
    const scopes = ['calendar.read']
    const { answer } = await app.isSignedIn({ scopes }, 'Alice Adams', options)
    expect(answer?.username).toBe('alice@example.com')
    await app.page.reload()
    await app.starts(options)
    const silent = await app.calls('acquireTokenSilent', { scopes, forceRefresh: true })
    expect(silent.answer).toMatchObject({ fromCache: false })

    await app.page.reload()
    await app.starts({ ...options, issuer: 'https://other.carnet.invalid' })
    const { error } = await app.calls('signIn', {})
    expect(error?.code).toBe('issuer_mismatch')
  },
)
