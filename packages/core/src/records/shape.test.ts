import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatOf } from './format.ts'
import { instant, listOf, of, optional, shape, text, texts } from './shape.ts'
import { dictionaryOf, oneOf } from './shapes.ts'

interface Book {
  readonly title: string
  readonly authors: readonly string[]
  readonly printedAtMs: number
  readonly kind?: 'paper' | 'audio' | undefined
  readonly parts?: readonly { readonly name: string }[] | undefined
  readonly notes?: Readonly<Record<string, string>> | undefined
}
const readBook = shape<Book>({
  title: text,
  authors: texts,
  printedAtMs: instant,
  kind: oneOf(undefined, 'paper', 'audio'),
  parts: optional(listOf(of(shape<{ name: string }>({ name: text })))),
  notes: optional(dictionaryOf(text)),
})
const book: Book = { title: 'a', authors: ['b'], printedAtMs: 1 }

test('an object of the shape is read, with its unknown fields', () => {
  expect(readBook(book)).toBe(book)
  const more = { ...book, kind: 'audio', parts: [{ name: 'c' }], notes: { d: 'e' }, later: 1 }
  expect(readBook(more)).toBe(more)
})

test.each([
  { title: 1 },
  { title: undefined },
  { authors: 'b' },
  { authors: ['b', 1] },
  { printedAtMs: '1' },
  { printedAtMs: Number.NaN },
  { printedAtMs: 9e15 },
  { kind: 'film' },
  { parts: [{ name: 1 }] },
  { parts: [null] },
  { notes: { d: 1 } },
  { notes: ['d'] },
])('an object with %j is not read', (wrong) => {
  expect(readBook({ ...book, ...wrong })).toBeUndefined()
})

test('only objects are read, and no value throws', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      expect(readBook(value)).toBeUndefined()
    }),
  )
})

const format = formatOf<Book>(3, readBook, ({ name, ...same }, value) =>
  typeof value === 'string' ? { ...book, title: value } : { ...same, title: name ?? same.title },
)

test('a record is written with its version and read without', () => {
  expect(format.write(book)).toEqual({ ...book, version: 3 })
  expect(format.read(format.write(book))).toEqual(book)
})

test('records of earlier versions are read, including records without a version', () => {
  const { title: name, ...same } = book
  expect(format.read({ ...same, name, version: 2 })).toEqual(book)
  expect(format.read({ ...same, name })).toEqual(book)
  expect(format.read('a')).toEqual(book)
})

test.each([4, {}, 'x', Number.NaN])('a record of version %j is not read', (version) => {
  expect(format.read({ ...book, version })).toBeUndefined()
})
