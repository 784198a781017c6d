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

test('a listener hears what it listens to, and nothing after it stopped', () => {
  const { events, heard, hear } = setUp()
  const stop = events.on('ping', hear)
  events.emit('ping', 1)
  events.emit('pong', 'x')
  stop()
  stop()
  events.emit('ping', 2)
  expect(heard).toEqual([1])
})

test('a listener that throws is reported, and stops nobody', () => {
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

test('a listener may stop itself and start others while it hears', () => {
  const { events, heard, hear } = setUp()
  const stop = events.on('ping', () => {
    stop()
    events.on('ping', hear)
  })
  events.emit('ping', 1)
  events.emit('ping', 2)
  expect(heard).toEqual([2])
})

test('after clearing nobody hears anything', () => {
  const { events, heard, hear } = setUp()
  events.on('ping', hear)
  events.clear()
  events.emit('ping', 1)
  expect(heard).toEqual([])
})

test('what is kept is told to those who begin to listen later too', () => {
  const { events, heard, hear } = setUp()
  events.on('ping', hear)
  events.keep('ping', 1)
  events.on('ping', hear)
  events.on('pong', hear)
  expect(heard).toEqual([1, 1])
})
