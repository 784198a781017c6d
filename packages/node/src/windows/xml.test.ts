import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { elementsOf, escapeXml, findOne, outerXml, readXml, XmlProblem } from './xml.ts'

test('an element has its names, its text and its exact place', async () => {
  const text = `<?xml version="1.0" encoding="utf-8"?>
<a:one xmlns:a="urn:a" xmlns="urn:b"><two  three='4'>x &amp; <![CDATA[<y>]]></two><!-- <two> --></a:one>`
  const root = await readXml(text)
  expect([root.name, root.namespace]).toEqual(['one', 'urn:a'])
  const two = findOne(root, 'urn:b', 'two')
  expect(two).toMatchObject({ text: 'x & <y>', attributes: [{ name: 'three', value: '4' }] })
  expect(text.slice(two?.start, two?.end)).toBe(`<two  three='4'>x &amp; <![CDATA[<y>]]></two>`)
})

describe('refused documents', () => {
  const nested = (depth: number) => '<a>'.repeat(depth) + '</a>'.repeat(depth)
  const entities = Array.from({ length: 9 }, (_, i) => `<!ENTITY e${i + 1} "&e${i};&e${i};">`)
  const namespaces = (from: number) =>
    Array.from({ length: 60 }, (_, index) => `xmlns:n${from + index}="n"`).join(' ')
  const documents: readonly (readonly [string, string])[] = [
    ['an empty text', ''],
    ['a text that is no XML', 'hello'],
    ['an open tag', '<a><b></b>'],
    ['two roots', '<a/><b/>'],
    ['an unknown prefix', '<x:a/>'],
    ['an unknown entity', '<a>&other;</a>'],
    ['an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    ['exploding entities', `<!DOCTYPE a [<!ENTITY e0 "x">${entities.join('')}]><a>&e9;</a>`],
    ['an external document type', '<!DOCTYPE a SYSTEM "http://other.example/a.dtd"><a/>'],
    ['another encoding', '<?xml version="1.0" encoding="iso-8859-1"?><a/>'],
    ['a deep document', nested(65)],
    ['a long document', `<a>${' '.repeat(2 ** 20)}</a>`],
    ['too many elements', `<a>${'<b/>'.repeat(50_000)}</a>`],
    [
      'too many attributes',
      `<a ${Array.from({ length: 101 }, (_, index) => `a${index}=""`).join(' ')}/>`,
    ],
    ['too many namespaces', `<a ${namespaces(0)}><b ${namespaces(60)}/></a>`],
  ]
  test.each(documents)('%s', async (_name, text) => {
    await expect(readXml(text)).rejects.toThrow(XmlProblem)
  })
  test('a document within the limits is read', async () => {
    // Each attribute of an assertion may declare its namespaces again.
    const siblings = '<b xmlns:x="urn:x" xmlns:y="urn:y"/>'.repeat(2000)
    expect([...elementsOf(await readXml(`<a>${siblings}</a>`))]).toHaveLength(2001)
    expect([...elementsOf(await readXml(nested(64)))]).toHaveLength(64)
  })
})

test('any text is read, or refused with a problem that does not quote it', async () => {
  const part = fc.oneof(
    fc.constantFrom(
      '<a>',
      '</a>',
      '<a/>',
      '<',
      '>',
      '&amp;',
      '&x;',
      '<!DOCTYPE a>',
      ']]>',
      '<![CDATA[',
    ),
    fc.string({ unit: 'grapheme', maxLength: 5 }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 20 }), async (parts) => {
      const text = parts.join('')
      const secret = `secret-of-a-document${text}`
      for (const one of [text, `<a>${text}</a>`, secret]) {
        const error = await readXml(one).then(
          () => undefined,
          (reason) => reason,
        )
        if (error) {
          expect(error).toBeInstanceOf(XmlProblem)
          expect(String(error)).not.toContain('secret-of-a-document')
        }
      }
    }),
  )
})

test('every element of a document is found at its exact place', async () => {
  const { tree } = fc.letrec<{ tree: string; leaf: string; node: string }>((tie) => ({
    tree: fc.oneof({ maxDepth: 5 }, tie('leaf'), tie('node')),
    leaf: fc.oneof(
      fc.constantFrom(
        '<x/>',
        '<x />',
        '<!-- <no> -->',
        '<![CDATA[<no>]]>',
        "<x y='<'/>".replace("'<'", "'&lt;>'"),
      ),
      fc.string({ unit: 'grapheme', maxLength: 6 }).map((text) =>
        // XML has no control characters, and no carriage return of its own.
        escapeXml(text.replace(/[^\P{C}\n]|\p{C}/gu, '')),
      ),
    ),
    node: fc
      .array(tie('tree'), { maxLength: 4 })
      .map((parts) => `<p:x  q="1>2">${parts.join('')}</p:x >`),
  }))
  await fc.assert(
    fc.asyncProperty(tree, async (inner) => {
      const text = `<p:root xmlns:p="urn:p">${inner}</p:root>`
      const root = await readXml(text)
      expect([root.start, root.end]).toEqual([0, text.length])
      for (const element of elementsOf(root)) {
        const own = text.slice(element.start, element.end)
        expect(own).toMatch(/^<(p:)?\w+[\s/>]/)
        // Alone, with its namespaces, the element reads the same.
        const alone = await readXml(outerXml(element, text))
        expect([alone.name, alone.namespace, alone.text]).toEqual([
          element.name,
          element.namespace,
          element.text,
        ])
        expect([...elementsOf(alone)].length).toBe([...elementsOf(element)].length)
      }
    }),
  )
})

test('an element that needs no namespace of its ancestors stays exactly as it is', async () => {
  const own = `<s:A xmlns:s="urn:s"\n v='1' t="https://x.example/s:y"><s:B>é\u{1F600}</s:B></s:A>`
  const text = `<e xmlns:d="urn:d" xmlns:h="urn:h">\r\n${own}</e>`
  const root = await readXml(text)
  const found = findOne(root, 'urn:s', 'A')
  expect(found && outerXml(found, text)).toBe(own)
})

test('namespaces of ancestors are added where an element, an attribute or a value uses them', async () => {
  const text =
    '<e xmlns="urn:0" xmlns:s="urn:s" xmlns:x="urn:x" xmlns:i="urn:i"><s:A i:type="x:string"/></e>'
  const root = await readXml(text)
  const found = findOne(root, 'urn:s', 'A')
  expect(found && outerXml(found, text)).toBe(
    '<s:A xmlns:s="urn:s" xmlns:x="urn:x" xmlns:i="urn:i" i:type="x:string"/>',
  )
})
