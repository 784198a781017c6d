import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseTabMessage } from '../../tabs/parse-tab-message.ts'
import { openTabChannel } from './channel.ts'
import type { TabMessage } from './tab-message.ts'

const message: TabMessage = { type: 'tokensChanged', account: 'a|b|' }

test('both kinds of message are read, without additional fields', () => {
  expect(parseTabMessage({ ...message, token: 's3cret' })).toEqual(message)
  expect(parseTabMessage({ ...message, type: 'accountsChanged' })?.type).toBe('accountsChanged')
})

test.each([
  ['final', 'final'],
  ['passing', 'passing'],
  [undefined, undefined],
  ['s3cret', undefined],
])('of a renewal that is done, failed: %j is read as %j', (failed, read) => {
  const done = { type: 'renewalDone', account: 'a|b|', id: '1', failed }
  expect(parseTabMessage(done)).toMatchObject({ type: 'renewalDone', failed: read })
})

test.each([
  null,
  'tokensChanged',
  [],
  { ...message, type: 'other' },
  { ...message, account: undefined },
])('%j is no message', (data) => {
  expect(parseTabMessage(data)).toBeUndefined()
})

test('no message on the channel causes an exception', () => {
  fc.assert(
    fc.property(fc.anything(), (data) => {
      expect(() => parseTabMessage(data)).not.toThrow()
    }),
  )
})

/** Collects the messages under `name`, and waits for a number of messages. */
function listen(name: string) {
  const heard: TabMessage[] = []
  const channel = openTabChannel(name, (said) => {
    const read = parseTabMessage(said)
    if (read) heard.push(read)
  })
  return { heard, channel }
}

test('tabs of one cache receive messages of each other, not their own and not those of another cache', async () => {
  const [one, two, other] = [listen('a'), listen('a'), listen('b')]
  one.channel.post(message)
  await expect.poll(() => two.heard).toEqual([message])
  expect(one.heard).toEqual([])
  expect(other.heard).toEqual([])
  for (const { channel } of [one, two, other]) channel.close()
})

test('malformed messages are ignored', async () => {
  const { heard, channel } = listen('c')
  const stranger = new BroadcastChannel('carnet|c')
  stranger.postMessage('hello')
  stranger.postMessage(message)
  await expect.poll(() => heard).toEqual([message])
  stranger.close()
  channel.close()
})

test('a closed channel sends nothing, and does not throw', () => {
  const { channel } = listen('d')
  channel.close()
  expect(() => channel.post(message)).not.toThrow()
  expect(() => channel.close()).not.toThrow()
})
