import fc from 'fast-check'

/** Texts that often break parsers. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    ' ',
    '__proto__',
    'constructor',
    'toString',
    'null',
    'undefined',
    '0',
    '-1',
    '60',
    '<script>alert(1)</script>',
    '\u0000\r\nset-cookie: x',
    '\u202egpj.exe',
    '\ud800',
    '%',
    '%ff',
    'DPoP',
    'mac',
    'javascript:alert(1)',
    'https://evil.example/',
    'https://idp.example@evil.example/',
    'long'.repeat(2000),
  ),
)

/** Values with a wrong type. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.constantFrom<unknown>(
    null,
    undefined,
    true,
    false,
    0,
    -0,
    -1,
    1.5,
    1e300,
    -1e300,
    NaN,
    [],
    {},
  ),
  fc.jsonValue({ maxDepth: 2 }),
  fc.array(hostileText, { maxLength: 3 }),
)

/** `good` with some fields removed, replaced or added; often unchanged. */
export function mutated(
  good: Readonly<Record<string, unknown>>,
): fc.Arbitrary<Record<string, unknown>> {
  const change = fc.tuple(
    fc.oneof(fc.constantFrom(...Object.keys(good)), hostileText),
    fc.option(hostileValue, { nil: undefined }),
  )
  return fc.array(change, { maxLength: 3 }).map((changes) => {
    const fields = Object.entries(good).filter(
      ([name]) => !changes.some(([other]) => other === name),
    )
    return Object.fromEntries([...fields, ...changes.filter(([, value]) => value !== undefined)])
  })
}
