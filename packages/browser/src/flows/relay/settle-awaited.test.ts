import { AWAITED } from '@carnet/core/base'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { clientMark } from '../../startup/client-mark.ts'
import { shareOnPage } from '../../startup/page/shared-on-page.ts'
import { fakePage } from '../../testing/fakes.ts'
import { createState } from '../authorization/state.ts'
import { settleAwaited } from './settle-awaited.ts'
import { waitForAnswer } from './wait-for-answer.ts'

const mark = clientMark('carnet|spa')
const origin = 'https://app.example'
const redirectUri = `${origin}/callback`

afterEach(() => {
  vi.unstubAllGlobals()
  shareOnPage('leaving1', '', false)
})

/** A tab with a note, whose app has started at `path`. */
async function settle(note: string, path = '/callback', frameName?: string) {
  const notes = new Map([[AWAITED, note]])
  const page = fakePage(origin, {
    href: () => origin + path,
    frameName: () => frameName,
    tabNote(key, isRemoved) {
      const text = notes.get(key)
      if (isRemoved) notes.delete(key)
      return text
    },
  })
  let isClosed = false
  vi.stubGlobal('window', {
    close: () => {
      isClosed = true
    },
  })
  vi.stubGlobal('location', { origin })
  vi.stubGlobal('addEventListener', () => undefined)
  vi.stubGlobal('removeEventListener', () => undefined)
  await settleAwaited(page, { mark, redirectUri })
  return { isClosed, isNoted: notes.has(AWAITED) }
}

describe('a tab that left by redirect, and shows the app again', () => {
  test('stops waiting', async () => {
    expect(await settle(createState(mark, 'redirect', '1'), '/')).toEqual({
      isClosed: false,
      isNoted: false,
    })
  })

  test('keeps waiting during its next navigation', async () => {
    shareOnPage('leaving1', '', true)
    expect((await settle(createState(mark, 'redirect', '1'), '/')).isNoted).toBe(true)
  })

  test('keeps waiting for another client', async () => {
    const other = createState(clientMark('carnet|other'), 'redirect', '1')
    expect((await settle(other, '/')).isNoted).toBe(true)
  })
})

describe('a popup', () => {
  const state = createState(mark, 'popup', '2')

  test('that came back to the redirect URI without parameters notifies the waiting page, and closes', async () => {
    vi.stubGlobal('addEventListener', () => undefined)
    vi.stubGlobal('removeEventListener', () => undefined)
    const waiting = waitForAnswer(state, new AbortController().signal, () => () => undefined)
    expect(await settle(state)).toEqual({ isClosed: true, isNoted: false })
    expect((await waiting).get('state')).toBe(state)
    expect((await waiting).has('unusable')).toBe(true)
    await new Promise((resolve) => setTimeout(resolve)) // The page that waited stops listening.
  })

  test.each([
    ['that shows another page of the app', '/privacy', undefined],
    ['in a frame', '/callback', 'frame'],
  ])('%s stays unchanged', async (_what, path, frameName) => {
    expect(await settle(state, path, frameName)).toEqual({ isClosed: false, isNoted: true })
  })
})
