import { once } from 'node:events'
import { get } from 'node:https'
import { json } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { readCommandLine } from '../command-line.ts'
import { startEntraProvider } from './start-entra-provider.ts'

test('tls serves https with a self-signed certificate', async () => {
  const idp = await startEntraProvider({ tls: true })
  expect(idp.origin).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
  const url = `${idp.authority('common')}/v2.0/.well-known/openid-configuration`
  const [response] = await once(get(url, { rejectUnauthorized: false }), 'response')
  expect(await json(response)).toMatchObject({ issuer: `${idp.origin}/{tenantid}/v2.0` })
  await idp.close()
})

test('authority() accepts the role or the name of a tenant', async () => {
  const idp = await startEntraProvider()
  expect(idp.authority('home')).toBe(`${idp.origin}/${idp.tenants.home.id}`)
  expect(idp.authority('guest')).toBe(`${idp.origin}/${idp.tenants.guest.id}`)
  expect(idp.authority('contoso.example')).toBe(`${idp.origin}/contoso.example`)
  expect(idp.issuer).toBe(`${idp.authority('home')}/v2.0`)
  await idp.close()
})

test('an unknown path gets a response', async () => {
  const idp = await startEntraProvider()
  expect((await fetch(`${idp.origin}/%E0%A4%A/v2.0/x`)).status).toBe(404)
  await idp.close()
})

test('the command line chooses the profile', () => {
  expect(readCommandLine([]).profile).toBe('oidc')
  expect(readCommandLine(['--profile', 'entra', '--tls'])).toMatchObject({
    profile: 'entra',
    options: { tls: true },
  })
  expect(readCommandLine(['--tls'])).toMatchObject({ profile: 'oidc', options: { tls: true } })
  expect(() => readCommandLine(['--profile', 'saml'])).toThrow('saml')
})
