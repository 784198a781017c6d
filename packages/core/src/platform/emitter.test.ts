import { expect, test } from 'vitest'
import { createEmitter } from './emitter.ts'

interface Events {
  ping: number
  pong: string
}

function setUp() {
  const reported: unknown[] = []
  const heard: unknown[] = []
  const hear = (event: unknown) => void heard.push(event)
  const events = createEmitter<Events>((error) => reported.push(error))
  return { events, reported, heard, hear }
}

test('a listener receives its events until it is removed', () => {
  const { events, heard, hear } = setUp()
  const stop = events.on('ping', hear)
  events.emit('ping', 1)
  events.emit('pong', 'x')
  stop()
  stop()
  events.emit('ping', 2)
  expect(heard).toEqual([1])
})

test('the error of a listener is reported, and the other listeners still run', () => {
  const { events, heard, hear, reported } = setUp()
  const crash = new Error('crash')
  events.on('ping', () => {
    throw crash
  })
  events.on('ping', hear)
  expect(() => events.emit('ping', 1)).not.toThrow()
  expect(heard).toEqual([1])
  expect(reported).toEqual([crash])
})

test('a listener may remove itself and add others during an event', () => {
  const { events, heard, hear } = setUp()
  const stop = events.on('ping', () => {
    stop()
    events.on('ping', hear)
  })
  events.emit('ping', 1)
  events.emit('ping', 2)
  expect(heard).toEqual([2])
})

test('after `clear` no listener is called', () => {
  const { events, heard, hear } = setUp()
  events.on('ping', hear)
  events.clear()
  events.emit('ping', 1)
  expect(heard).toEqual([])
})

test('a kept event also reaches later listeners', () => {
  const { events, heard, hear } = setUp()
  events.on('ping', hear)
  events.keep('ping', 1)
  events.on('ping', hear)
  events.on('pong', hear)
  expect(heard).toEqual([1, 1])
})
