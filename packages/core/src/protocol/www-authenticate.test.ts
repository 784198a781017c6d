import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseChallenges } from './www-authenticate.ts'

const read = (header: string | null) =>
  parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)])

test.each<[string | null, unknown]>([
  [null, []],
  ['', []],
  ['Bearer', [['bearer', {}]]],
  [
    'Bearer realm="a, b", error="invalid_token"',
    [['bearer', { realm: 'a, b', error: 'invalid_token' }]],
  ],
  [
    'Bearer error=invalid_token,scope="a b"',
    [['bearer', { error: 'invalid_token', scope: 'a b' }]],
  ],
  [
    'DPoP algs="ES256", Bearer error = "x"',
    [
      ['dpop', { algs: 'ES256' }],
      ['bearer', { error: 'x' }],
    ],
  ],
  [
    'Negotiate abc==, Bearer error="x"',
    [
      ['negotiate', {}],
      ['bearer', { error: 'x' }],
    ],
  ],
  [
    'Basic, Bearer',
    [
      ['basic', {}],
      ['bearer', {}],
    ],
  ],
  ['Bearer error="say \\"no\\" \\\\"', [['bearer', { error: 'say "no" \\' }]]],
  ['Bearer ERROR="a", error="b"', [['bearer', { error: 'a' }]]],
  ['Bearer claims=eyJhIjoxfQ, realm=""', [['bearer', { claims: 'eyJhIjoxfQ', realm: '' }]]],
  ['Bearer error="unfinished', [['bearer', {}]]],
  ['error="nobody\'s"', []],
  ['Bearer __proto__="x"', [['bearer', { ['__proto__']: 'x' }]]],
  [`Bearer realm="${'x'.repeat(8000)}"`, []],
])('%j', (header, challenges) => {
  expect(read(header)).toEqual(challenges)
})

test('parses every challenge that was written', () => {
  const token = fc.stringMatching(/^[a-z0-9!#$%&'*+.^_`|~-]{1,12}$/)
  const value = fc.stringMatching(/^[\x20-\x7e]{0,20}$/)
  const challenge = fc.tuple(
    token,
    fc.uniqueArray(fc.tuple(token, value), { selector: ([name]) => name }),
  )
  fc.assert(
    fc.property(fc.array(challenge, { maxLength: 4 }), (wanted) => {
      const quote = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`
      const header = wanted
        .map(([scheme, parameters]) =>
          [scheme, parameters.map(([name, text]) => `${name}=${quote(text)}`).join(', ')].join(' '),
        )
        .join(', ')
      expect(parseChallenges(header)).toEqual(
        wanted.map(([scheme, parameters]) => ({ scheme, parameters: new Map(parameters) })),
      )
    }),
  )
})
