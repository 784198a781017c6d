import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createForcedLimit } from './forced-limit.ts'

test('five calls start at once, and then one per second', async () => {
  const waits: number[] = []
  const turn = createForcedLimit(
    () => 0,
    async (ms) => void waits.push(ms),
  )
  for (let call = 0; call < 5; call++) await turn('key')
  expect(waits).toEqual([])
  await turn('key')
  await turn('key')
  expect(waits).toEqual([1000, 2000])
  await turn('other')
  expect(waits).toHaveLength(2)
})

test('no interval has more starts than five and one per second', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 60 }),
      async (gaps) => {
        let nowMs = 0
        const starts: number[] = []
        const turn = createForcedLimit(
          () => nowMs,
          async (ms) => {
            nowMs += ms
          },
        )
        for (const gapMs of gaps) {
          nowMs += gapMs
          await turn('key')
          starts.push(nowMs)
        }
        for (const [first, fromMs] of starts.entries())
          for (let last = first; last < starts.length; last++) {
            const spanMs = (starts[last] ?? 0) - fromMs
            expect(last - first + 1).toBeLessThanOrEqual(5 + spanMs / 1000)
          }
      },
    ),
  )
})
