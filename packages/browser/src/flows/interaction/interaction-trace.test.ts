import { AuthError, createTrace, STEP, type TraceStep, traced } from '@carnet/core'
import { createEmitter } from '@carnet/core/base'
import { createFakePlatform, DIALECTS, jsonResponse } from '@carnet/core/fakes'
import { describe, expect, test } from 'vitest'
import type { AuthEvents } from '../../api/events.ts'
import type { AuthenticationResult } from '../../api/result.ts'
import type { Context } from '../../context/context.ts'
import type { OpenedPopup } from '../../startup/page/open-popup.ts'
import { createFacelessClient } from '../../testing/faceless-client.ts'
import { fakePage } from '../../testing/fakes.ts'
import { interactionQueueOf } from '../authorization/queue.ts'
import { createInteract, type WaysToProvider } from './interact.ts'

const words = (steps: readonly TraceStep[] = []) =>
  steps.map(({ names = [], ms }) => `${names.join(' ')} ${ms}`)

/** The interactions of a client. Each answer of the user takes 90 seconds. */
function setUp(answer: () => unknown, frameName?: string) {
  const platform = createFakePlatform(() => Response.error())
  const config = { dialect: DIALECTS.oidc, interaction: {}, cache: {}, mark: platform.randomId() }
  const page = fakePage('https://app.example', { frameName: () => frameName })
  const trace = createTrace(platform.monotonicMs)
  const context = { config, page, platform, trace } as unknown as Context
  const asking = async () => {
    await Promise.resolve()
    platform.advance(90_000)
    return answer() as AuthenticationResult
  }
  const ways = {
    askInPopup: asking,
    askInFrame: asking,
    depart: async () => ({ left: Promise.resolve(), stayed: asking() }),
  } as unknown as WaysToProvider
  const nothing = () => undefined
  const interact = createInteract(context, {
    events: createEmitter<AuthEvents>(nothing),
    ways,
    enqueue: interactionQueueOf(context, async () => undefined),
    assertOpen: nothing,
    running: { started: nothing, ended: nothing, failed: nothing },
    closed: new AbortController().signal,
  })
  const window = { close: nothing, focus: nothing, closed: false } as unknown as Window
  const opened: OpenedPopup = { window, hadFocus: true }
  return { interact, opened, trace }
}

const fail = (error: Error) => () => {
  throw error
}
const result = () => Object.freeze({ accessToken: 't' })
const request = { scopes: ['read'] }

describe('an interaction is a step of its call', () => {
  test('in a popup, also for a call that joins', async () => {
    const { interact, opened } = setUp(result)
    const [first, second] = [interact.popup(request, { opened }), interact.popup(request)]
    expect(words((await first).trace)).toEqual(['interaction done 90000'])
    expect(words((await second).trace)).toEqual(['interaction joined 90000'])
    expect(await first).toEqual({ accessToken: 't' })
    expect(Object.isFrozen(await first)).toBe(true)
  })

  test('that follows the steps of the silent call', async () => {
    const { interact, opened, trace } = setUp(result)
    const why = new AuthError('interaction_required', 'Ask the user.')
    const silent = traced(trace.begin(), STEP.refresh, () => Promise.reject(why))
    await expect(silent).rejects.toBe(why)
    const { trace: steps } = await interact.popup(request, { opened, why })
    expect(words(steps)).toEqual(['refresh failed 0', 'interaction done 90000'])
  })

  test('that fails, also for a call that joined', async () => {
    const failure = new AuthError('user_cancelled', 'The window was closed.')
    const { interact, opened } = setUp(fail(failure))
    const [first, second] = [interact.popup(request, { opened }), interact.popup(request)]
    await expect(first).rejects.toBe(failure)
    await expect(second).rejects.toBe(failure)
    expect(words(failure.trace)).toEqual(['interaction failed 90000'])
  })

  test('that leaves the page, and returns without a response', async () => {
    const failure = new AuthError('user_cancelled', 'The user came back.')
    const { interact } = setUp(fail(failure))
    await expect(interact.redirect(request)).rejects.toBe(failure)
    expect(words(failure.trace)).toEqual(['interaction failed 90000'])
  })

  test('that does not start in an iframe', async () => {
    const { interact } = setUp(result, 'frame')
    const why = new AuthError('interaction_required', 'Ask the user.')
    const error = await interact.redirect(request, { why }).catch((reason) => reason)
    expect(error).toMatchObject({ code: 'redirect_in_iframe', cause: why })
    expect(words(error.trace)).toEqual(['interaction failed 0'])
  })

  test('in a hidden iframe, the step has another name', async () => {
    const { interact } = setUp(result)
    expect(words((await interact.sso({})).trace)).toEqual(['iframe done 90000'])
  })
})

describe('a redirect is one step in the page that it returns to', () => {
  test('with the time since the start of the request', async () => {
    const { complete, platform, provider, start } = createFacelessClient('oidc')
    const { transaction } = await start({ scopes: ['read'] }, 'redirect')
    const { nonce, state } = transaction
    platform.advance(4000)
    const tokens = { id_token: provider.idToken({ nonce }) }
    provider.onToken = () => jsonResponse(provider.tokens(tokens))
    const answer = await complete(new URLSearchParams({ state, code: 'c' }))
    expect(words(answer.trace)).toEqual(['interaction done 4000'])
    const told = JSON.stringify(answer.trace)
    for (const secret of [answer.accessToken, answer.idToken, 'read', answer.authority])
      expect(told).not.toContain(secret)
  })

  test('also if it fails', async () => {
    const { complete, platform, start } = createFacelessClient('oidc')
    const { transaction } = await start({ scopes: ['read'] }, 'redirect')
    platform.advance(5000)
    const response = new URLSearchParams({ state: transaction.state, error: 'access_denied' })
    const error = await complete(response).catch((reason) => reason)
    expect(error.code).toBe('access_denied')
    expect(words(error.trace)).toEqual(['interaction failed 5000'])
  })
})
