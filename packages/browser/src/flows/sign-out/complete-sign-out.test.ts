import { expect, test } from 'vitest'
import { createFacelessClient } from '../../testing/faceless-client.ts'
import { createState } from '../authorization/state.ts'
import { completeSignOut, signOutToStore } from './complete-sign-out.ts'

const origin = 'https://app.example'

/** A client that left for a sign-out with a value of the app. */
async function setUp() {
  const { context, platform } = createFacelessClient('oidc')
  const { config, store } = context
  const state = createState(config.mark, 'signOutRedirect', 'random')
  await store.write([signOutToStore(config.partition, state, 'kept', platform.now())])
  const complete = (address?: string, href = `${origin}/`) =>
    completeSignOut({ address, href }, context)
  return { complete, config, state }
}

test('an address with the `state` of the sign-out gives the value of the app, once', async () => {
  const { complete, state } = await setUp()
  expect(await complete(`?state=${state}`)).toEqual({ state: 'kept' })
  expect(await complete(`${origin}/bye?state=${state}`)).toEqual({ state: undefined })
})

test('the URL of the page counts, too', async () => {
  const { complete, state } = await setUp()
  expect(await complete(undefined, `${origin}/?state=${state}`)).toEqual({ state: 'kept' })
})

test('other addresses are no return from a sign-out of this client', async () => {
  const { complete, config, state } = await setUp()
  const signIn = createState(config.mark, 'redirect', 'random')
  const other = state.replace(config.mark, 'carnet-00000000-')
  for (const address of ['', '?', '?state=x', `?state=${signIn}&code=c`, `?state=${other}`])
    expect(await complete(address)).toBeNull()
})
