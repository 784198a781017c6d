import { expect, test } from 'vitest'
import { createSingleFlight } from './single-flight.ts'

function setUp() {
  const singleFlight = createSingleFlight<number>()
  let starts = 0
  const start = async () => ++starts
  return { singleFlight, start, starts: () => starts }
}

test('concurrent callers share one flight', async () => {
  const { singleFlight, start, starts } = setUp()
  const answers = await Promise.all([singleFlight('a', start), singleFlight('a', start)])
  expect(answers).toEqual([1, 1])
  expect(starts()).toBe(1)
})

test('another key is another flight', async () => {
  const { singleFlight, start, starts } = setUp()
  await Promise.all([singleFlight('a', start), singleFlight('b', start)])
  expect(starts()).toBe(2)
})

test('after the end of a flight, a new flight starts', async () => {
  const { singleFlight, start } = setUp()
  await singleFlight('a', start)
  expect(await singleFlight('a', start)).toBe(2)
})

test('callers share a failure too, and the next caller starts again', async () => {
  const { singleFlight, start } = setUp()
  const crash = () => Promise.reject(new Error('crash'))
  const [first, second] = await Promise.allSettled([
    singleFlight('a', crash),
    singleFlight('a', start),
  ])
  expect([first.status, second.status]).toEqual(['rejected', 'rejected'])
  expect(await singleFlight('a', start)).toBe(1)
})
