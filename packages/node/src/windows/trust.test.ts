import { describe, expect, test } from 'vitest'
import { ALICE, respond, useFederatedEntra } from '../testing/windows.ts'

const { entra, signIn } = useFederatedEntra()

const fault = (reason: string) =>
  `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value>` +
  `<s:Subcode><s:Value>a:FailedAuthentication</s:Value></s:Subcode></s:Code><s:Reason><s:Text>${reason}</s:Text></s:Reason>` +
  `</s:Fault></s:Body></s:Envelope>`

test('a SOAP fault is an error with its code and reason, without control characters', async () => {
  const body = fault(`MSIS3127: &#xa;The user\u202e is disabled.${'x'.repeat(2000)}`)
  const headers = { 'content-type': 'application/soap+xml' }
  await entra.idp.control.addFault({ endpoint: 'ws_trust', fault: respond(500, body, headers) })
  const error = await signIn().catch((reason) => reason)
  expect(error.code).toBe('federation_refused')
  expect(error.message).toContain('a:FailedAuthentication, MSIS3127: ')
  expect(error.message).not.toMatch(/[\n\u202e]/)
  expect(error.message.length).toBeLessThan(700)
})

describe('the metadata of the server', () => {
  async function withMetadata(change: (text: string) => string) {
    const url = `${entra.idp.origin}/adfs/services/trust/mex`
    const body = change(await (await fetch(url)).text())
    const headers = { 'content-type': 'text/xml' }
    const answer = respond(200, body, headers)
    await entra.idp.control.addFault({ endpoint: 'federation_metadata', fault: answer })
    return signIn()
  }
  const invalid = { code: 'federation_metadata_invalid' }

  test('must name https URLs of its own host', async () => {
    const to = (origin: string) => (text: string) => text.replaceAll(entra.idp.origin, origin)
    await expect(withMetadata(to('https://evil.example'))).rejects.toMatchObject(invalid)
    await expect(withMetadata(to('http://sts.contoso.com'))).rejects.toMatchObject(invalid)
    await expect(withMetadata(to('file:///etc'))).rejects.toMatchObject(invalid)
    expect((await entra.counts()).ws_trust).toBe(0)
  })

  test('may have other prefixes, comments and endpoints', async () => {
    const result = await withMetadata((text) =>
      text
        .replaceAll('wsdl:', 'w:')
        .replace('xmlns:wsdl', 'xmlns:w')
        .replace('<w:service', '<!-- x --><w:service'),
    )
    expect(result.account?.username).toBe(ALICE)
  })
})

describe('the assertion', () => {
  const change = (by: (text: string) => string) => async (url: unknown, init?: RequestInit) => {
    const answer = await fetch(String(url), init)
    if (!String(url).includes('windowstransport')) return answer
    const { status, headers } = answer
    return new Response(by(await answer.text()), { status, headers })
  }
  const through = (by: (text: string) => string) =>
    signIn({}, { fetch: change(by) as typeof fetch })

  test('with any change is refused by Entra', async () => {
    for (const by of [
      (text: string) => text.replace('>alice<', '>bob<'),
      (text: string) => text.replace('<saml:Conditions ', '<saml:Conditions  '),
      (text: string) => text.replace(/<ds:Signature [\s\S]*<\/ds:Signature>/, ''),
    ]) {
      const error = await through(by).catch((reason) => reason)
      expect(error).toMatchObject({
        code: 'assertion_refused',
        hint: expect.stringContaining('token-signing'),
        oauth: { error: 'invalid_grant', codes: [50008] },
      })
    }
  })

  test('is passed on unchanged from an envelope of another form', async () => {
    const result = await through((text) =>
      text
        .replaceAll('<t:Requested', '\r\n  <t:Requested')
        .replace('<s:Body>', '<!-- é --><s:Body>'),
    )
    expect(result.account?.username).toBe(ALICE)
  })

  test('serves once', async () => {
    let first = ''
    const keep = (text: string) => {
      first ||= text
      return first
    }
    await through(keep)
    await expect(through(keep)).rejects.toMatchObject({ code: 'assertion_refused' })
  })

  test('must be the only one, and meant for the cloud', async () => {
    for (const by of [
      (text: string) => text.replaceAll('urn:federation:MicrosoftOnline', 'urn:other'),
      (text: string) => text.replace(/(<saml:Assertion[\s\S]*<\/saml:Assertion>)/, '$1$1'),
      (text: string) => text.replace(/<saml:Assertion[\s\S]*<\/saml:Assertion>/, ''),
      (text: string) =>
        text
          .replace('<saml:Assertion', '<saml:Advice')
          .replace('</saml:Assertion', '</saml:Advice'),
    ])
      await expect(through(by)).rejects.toMatchObject({ code: 'federation_refused' })
    expect((await entra.counts()).token).toBe(0)
  })
})
