import { expect, test } from 'vitest'
import { fakePlace } from '../testing/fake-place.ts'
import { findOldEntries } from './places.ts'

const isOurs = (key: string) => key.startsWith('old')
const find = (place: ReturnType<typeof fakePlace>) => findOldEntries('lib|spa', isOurs, [place])

test('Storage without old entries is left out', () => {
  expect(find(fakePlace({ other: 'x' }))).toEqual([])
})

test('Entries that a migration left are seen once, until they change', () => {
  const place = fakePlace({ old: 'x' })
  for (const { finish } of find(place)) finish('done')
  expect(find(place)).toEqual([])
  place.setItem('old', 'y')
  expect(find(place)).toHaveLength(1)
})

test('A migration that could not move everything continues', () => {
  const place = fakePlace({ old: 'x' })
  const [entry] = find(place)
  entry?.begin()
  expect(find(place).map(({ isUnfinished }) => isUnfinished)).toEqual([true])
  entry?.finish('again')
  expect(find(place).map(({ isUnfinished }) => isUnfinished)).toEqual([false])
})

test('A migration that moved everything leaves no note', () => {
  const place = fakePlace({ old: 'x' })
  const [entry] = find(place)
  entry?.begin()
  place.removeItem('old')
  entry?.finish('done')
  expect(place.keys()).toEqual([])
})
