import { expect, test } from 'vitest'
import { createFakeAuth, personNamed } from '../testing/fake-auth.ts'
import { createSession } from './session.ts'
import { createSource } from './snapshot.ts'

test('a session has the fields of the snapshot of the moment, and the client when the status is known', async () => {
  const { auth, move } = createFakeAuth()
  const source = createSource(Promise.resolve(auth))
  const session = createSession(source, source.snapshot)
  expect([session.status, session.client]).toEqual(['unknown', undefined])
  await source.ready
  const alice = personNamed('alice')
  move({ account: alice })
  expect({ ...session }).toMatchObject({ status: 'signedIn', account: alice, client: auth })
})

test('each field is kept by the memo of the framework, which reads it when it wants to', () => {
  const { auth, move } = createFakeAuth()
  const source = createSource(auth)
  const session = createSession(source, source.snapshot, (readField) => {
    const kept = readField()
    return () => kept
  })
  move({ account: personNamed('alice') })
  expect([session.account, session.client]).toEqual([null, auth])
})
