import { expect, test } from 'vitest'
import { framingFault } from './framing.ts'

const origin = 'https://app.example'
const csp = (policy: string) => ({ 'content-security-policy': policy })

test.each<[string, Record<string, string>]>([
  ['no header', {}],
  ['SAMEORIGIN', { 'x-frame-options': 'SAMEORIGIN' }],
  ['SAMEORIGIN twice', { 'x-frame-options': 'SAMEORIGIN, sameorigin' }],
  ['an unknown value', { 'x-frame-options': 'ALLOW-FROM https://x.example' }],
  [
    'DENY that frame-ancestors overrules',
    { 'x-frame-options': 'DENY', ...csp("frame-ancestors 'self'") },
  ],
  ['a policy about other things', csp("default-src 'none'; frame-src 'none'")],
  ['any ancestor', csp('frame-ancestors *')],
  ['the scheme', csp('frame-ancestors https:')],
  ['the host', csp('frame-ancestors app.example')],
  ['the origin with its port', csp('frame-ancestors https://app.example:443')],
  ['a wildcard', csp('frame-ancestors https://*.example')],
  ['a wide sandbox', csp('sandbox allow-scripts allow-same-origin')],
])('%s lets the page be framed by itself', (_what, headers) => {
  expect(framingFault(new Headers(headers), origin)).toBeUndefined()
})

test.each<[string, Record<string, string>, string]>([
  ['DENY', { 'x-frame-options': 'Deny' }, 'X-Frame-Options'],
  ['values that contradict', { 'x-frame-options': 'SAMEORIGIN, DENY' }, 'X-Frame-Options'],
  ['none', csp("default-src 'self'; frame-ancestors 'none'"), 'frame-ancestors'],
  ['others only', csp('frame-ancestors https://portal.example app.example.org'), 'frame-ancestors'],
  ['another port', csp('frame-ancestors https://app.example:8443'), 'frame-ancestors'],
  ['another scheme', csp('frame-ancestors http://app.example'), 'frame-ancestors'],
  ['a second policy', csp("frame-ancestors 'self', frame-ancestors 'none'"), 'frame-ancestors'],
  ['an empty list', csp('frame-ancestors'), 'frame-ancestors'],
  ['a sandbox', csp('sandbox allow-scripts'), 'sandbox'],
])('%s does not', (_what, headers, named) => {
  expect(framingFault(new Headers(headers), origin)).toContain(named)
})
