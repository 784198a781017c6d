import { AuthError, createMemoryStore } from '@carnet/core'
import { createAccountList, createEmitter } from '@carnet/core/base'
import { accountFromClaims } from '@carnet/core/fakes'
import { expect, test } from 'vitest'
import type { AuthEvents } from '../../api/events.ts'
import type { Snapshot } from '../../api/snapshot.ts'
import { createSnapshots } from '../../startup/snapshot.ts'
import { createRunning } from './running.ts'

const popup = { interaction: 'popup', purpose: 'token', correlationId: 'c' } as const
const redirect = { interaction: 'redirect', purpose: 'signOut', correlationId: 'd' } as const

function setUp() {
  const accounts = createAccountList('spa', createMemoryStore())
  const snapshots = createSnapshots(accounts, (snapshot) => events.emit('changed', snapshot))
  const events = createEmitter<AuthEvents>(
    (error) => {
      throw error
    },
    (name) => name !== 'changed' && snapshots.publish(),
  )
  const changes: Snapshot[] = []
  events.on('changed', (snapshot) => changes.push(snapshot))
  return { accounts, changes, events, snapshots, running: createRunning(events, snapshots) }
}

test('the interaction that started last is shown until every interaction has ended', () => {
  const { running, snapshots } = setUp()
  running.ended(popup)
  running.started(popup)
  running.started(redirect)
  expect(snapshots.read().interaction).toBe('redirect')
  running.ended(redirect)
  expect(snapshots.read().interaction).toBe('popup')
  running.ended(popup)
  expect(snapshots.read().interaction).toBeNull()
})

test('the error of an interaction is reported at once, and removed when the next interaction starts', () => {
  const { running, snapshots, changes } = setUp()
  const error = new AuthError('user_cancelled', 'The user closed the popup.')
  running.failed(error)
  expect(changes.map((snapshot) => snapshot.error)).toEqual([error])
  running.started(redirect)
  expect(snapshots.read().error).toBeNull()
})

test('a listener of an event finds the snapshot changed already, and `changed` follows', () => {
  const { accounts, running, snapshots, events, changes } = setUp()
  const alice = accountFromClaims({ iss: 'https://login.example.com', sub: 'alice' })
  accounts.set(alice.id, { account: alice, idToken: 'id token', authority: alice.environment })
  const heard: unknown[] = []
  events.on('interactionStarted', () => heard.push(snapshots.read().interaction, changes.length))
  running.started(popup)
  expect(heard).toEqual(['popup', 0])
  expect(changes).toEqual([snapshots.read()])
  expect(changes[0]).toBe(snapshots.read())
})

test('events name the purpose, the request and the window', () => {
  const { running, events } = setUp()
  const heard: unknown[] = []
  for (const name of ['interactionStarted', 'popupOpened', 'interactionEnded'] as const)
    events.on(name, (event) => heard.push([name, event]))
  const window = {} as Window
  running.started(popup, window)
  running.ended(popup)
  expect(heard).toEqual([
    ['interactionStarted', popup],
    ['popupOpened', { purpose: 'token', correlationId: 'c', window }],
    ['interactionEnded', popup],
  ])
})
