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
  const [mail, files] = ['mail', 'files'].map((resource) => ({ resource }) as UserChallenge)
  const [first, second] = [new AbortController(), new AbortController()]
  show(mail as UserChallenge, first.signal)
  show(files as UserChallenge, second.signal)
  first.abort()
  second.abort()
  expect(shown).toEqual(['mail', 'mail', 'files', undefined])
  expect(current).toBe(null)
})
