import { describe, expect, test } from 'vitest'
import { detectProfile, preferredHost } from './authority-profile.ts'

describe('the profile of an authority', () => {
  test.each([
    'https://login.microsoftonline.com/common',
    'https://LOGIN.MicrosoftOnline.com/common',
    'https://login.windows.net/contoso.example',
    'https://login.microsoft.com/common',
    'https://sts.windows.net/common',
    'https://login.microsoftonline.us/common',
    'https://login.usgovcloudapi.net/common',
    'https://login.partner.microsoftonline.cn/common',
    'https://login.chinacloudapi.cn/common',
    'https://login.microsoftonline.de/common',
    'https://contoso.ciamlogin.com/',
    'https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_signin',
  ])('%s is that of Entra', (authority) => {
    expect(detectProfile(authority)).toBe('entra')
  })

  test.each([
    'https://idp.example',
    'https://login.microsoftonline.com.evil.example/common',
    'https://evil.example/login.microsoftonline.com',
    'https://login.microsoftonline.com@evil.example/common',
    'https://evillogin.microsoftonline.com/common',
    'https://evilciamlogin.com/',
    'https://ciamlogin.com.evil.example/',
    'https://contoso.ciamlogin.com.evil.example/',
    'https://ciamlogin.com/',
    'http://127.0.0.1:4400',
  ])('%s is that of OpenID Connect', (authority) => {
    expect(detectProfile(authority)).toBe('oidc')
  })
})

describe('the preferred host of a cloud', () => {
  test.each([
    ['login.windows.net', 'login.microsoftonline.com'],
    ['sts.windows.net', 'login.microsoftonline.com'],
    ['login.microsoft.com', 'login.microsoftonline.com'],
    ['login.usgovcloudapi.net', 'login.microsoftonline.us'],
    ['login.chinacloudapi.cn', 'login.partner.microsoftonline.cn'],
    ['login.microsoftonline.de', 'login.microsoftonline.de'],
  ])('of %s is %s, which is its own preferred host', (host, preferred) => {
    expect(preferredHost(host)).toBe(preferred)
    expect(preferredHost(preferred)).toBe(preferred)
  })

  test.each(['contoso.ciamlogin.com', 'idp.example:8443', 'toString'])(
    '%s is not a host of another cloud',
    (host) => {
      expect(preferredHost(host)).toBe(host)
    },
  )
})
