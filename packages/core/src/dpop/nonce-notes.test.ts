import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createClocks } from './clocks.ts'
import { apisAt, createNonceNotes, isOfApis, type NonceNote } from './nonce-notes.ts'

const nonce = (value: string) => new Headers({ 'DPoP-Nonce': value })

test('no origin gets the nonce of another origin', () => {
  const origin = fc.constantFrom(
    'https://a.example',
    'https://a.example:8443',
    'http://localhost:3000',
    'https://b.a.example',
    'https://a.example.evil.example',
  )
  const step = fc.record({ origin, value: fc.stringMatching(/^[\w-]{1,5}$/) })
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const notes = createNonceNotes(() => 1)
      const last = new Map<string, string>()
      for (const { origin: at, value } of steps) {
        notes.take(`${at}/any/path?query`, nonce(value))
        last.set(at, value)
        for (const [known, expected] of last) expect(notes.current(`${known}/x`)).toBe(expected)
      }
    }),
  )
})

test('a nonce is new once, and an empty nonce is none', () => {
  const changes: [NonceNote, boolean][] = []
  const notes = createNonceNotes(
    () => 5,
    (note, isNew) => changes.push([note, isNew]),
  )
  expect(notes.take('https://a.example/', nonce('n'))).toBe(true)
  expect(notes.take('https://a.example/', nonce('n'))).toBe(false)
  expect(notes.take('https://a.example/', nonce(''))).toBe(false)
  expect(notes.take('https://a.example/', new Headers())).toBe(false)
  expect(changes.map(([note, isNew]) => [note.nonce, isNew])).toEqual([['n', true]])
})

test('of two contexts, the newer nonce counts', () => {
  const notes = createNonceNotes(() => 100)
  notes.take('https://a.example/', nonce('mine'))
  const theirs = { origin: 'https://a.example', nonce: 'theirs', acceptedForMs: 1 }
  notes.hear({ ...theirs, atMs: 99 })
  expect(notes.current('https://a.example/')).toBe('mine')
  notes.hear({ ...theirs, atMs: 101 })
  expect(notes.current('https://a.example/')).toBe('theirs')
})

test('a hundred origins are remembered, and the oldest is forgotten', () => {
  const notes = createNonceNotes(() => 1)
  for (let index = 0; index < 101; index++) notes.take(`https://a${index}.example/`, nonce('n'))
  expect(notes.current('https://a0.example/')).toBeUndefined()
  expect(notes.current('https://a100.example/')).toBe('n')
})

test('the clock of a server is learned, and small differences are not', () => {
  const clocks = createClocks(() => 1_000_000)
  expect(clocks.nowAt('https://a.example/', 7000)).toBe(1_007_000)
  expect(clocks.set('https://a.example/x', 1_002_000)).toBe(false)
  expect(clocks.set('https://a.example/x', Number.NaN)).toBe(false)
  expect(clocks.set('https://a.example/x', 1_600_000)).toBe(true)
  expect(clocks.nowAt('https://a.example/y', 7000)).toBe(1_600_000)
  expect(clocks.nowAt('https://b.example/')).toBe(1_000_000)
})

test('the APIs on an origin have nonces of their own', () => {
  const told: string[] = []
  const servers = createNonceNotes(
    () => 1,
    (note) => told.push(note.origin),
  )
  const apis = createNonceNotes(
    () => 1,
    (note) => told.push(note.origin),
    apisAt,
  )
  servers.take('https://one.example/token', new Headers({ 'DPoP-Nonce': 'server' }))
  apis.take('https://one.example/api', new Headers({ 'DPoP-Nonce': 'api' }))
  expect(servers.current('https://one.example/par')).toBe('server')
  expect(apis.current('https://one.example/other')).toBe('api')
  expect(told.map((origin) => isOfApis({ origin }))).toEqual([false, true])
})
