import { expect, test } from 'vitest'
import type { UserChallenge } from '../api/resource-calls.ts'
import { createShownChallenges } from './shown-challenges.ts'

test('challenges are shown one after the other, until each has ended', () => {
  const shown: (string | undefined)[] = []
  let current: UserChallenge | null | undefined
  const show = createShownChallenges({
    note: ({ challenge }) => {
      current = challenge
    },
    publish: () => shown.push(current?.resource),
  })
  const [first, second] = [new AbortController(), new AbortController()]
  show({ resource: 'mail', ended: first.signal } as UserChallenge)
  show({ resource: 'files', ended: second.signal } as UserChallenge)
  first.abort()
  second.abort()
  expect(shown).toEqual(['mail', 'mail', 'files', undefined])
  expect(current).toBe(null)
})
