import { AuthError } from '@carnet/browser'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createCallPopup } from './call-popup.ts'

const PAGE = { outerWidth: 1000, outerHeight: 1000, screenX: 0, screenY: 0 }
const SETTINGS = { popupWindowFeatures: {}, popupWindowTarget: '_blank' }

/** A window that can be opened and closed. */
const open = vi.fn(() => ({
  closed: false,
  close() {
    this.closed = true
  },
}))

/** A call that ends as a call of Carnet does: when its popup is ended. */
const callWith = (signal: AbortSignal) =>
  new Promise<string>((_, reject) => {
    signal.addEventListener('abort', () => reject(new AuthError('aborted', 'ended')))
  })

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('window', { ...PAGE, open })
})
afterEach(() => {
  open.mockClear()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('the popup of a call', () => {
  test('has the name and the features of the call, or else of the settings', () => {
    const settings = { ...SETTINGS, popupWindowTarget: 'of-the-settings' }
    createCallPopup({}, settings).how.openPopup?.('width=1')
    expect(createCallPopup({}, settings).how.popupFeatures).toBeUndefined()
    const own = { popupWindowTarget: 'own', popupWindowFeatures: { width: 300, menubar: true } }
    const { how } = createCallPopup(own, settings)
    how.openPopup?.('width=2')
    expect(open.mock.calls).toEqual([
      ['about:blank', 'of-the-settings', 'width=1'],
      ['about:blank', 'own', 'width=2'],
    ])
    expect(how.popupFeatures?.split(',')).toEqual([
      ...['location=no', 'toolbar=no', 'width=300', 'height=640', 'left=350', 'top=180'],
      'menubar=yes',
    ])
  })

  test('closes after its time, which begins when it opens', async () => {
    const popupWindowFeatures = { closePopupWindowAfterInSeconds: 5 }
    const { how, signal, during } = createCallPopup({}, { ...SETTINGS, popupWindowFeatures })
    const call = during(callWith(signal)).catch((error: Error) => error.message)
    await vi.advanceTimersByTimeAsync(60_000)
    const popup = how.openPopup?.('')
    await vi.advanceTimersByTimeAsync(4_900)
    expect(popup?.closed).toBe(false)
    await vi.advanceTimersByTimeAsync(200)
    expect([popup?.closed, await call]).toEqual([true, 'Popup closed'])
  })

  test('stays open without a time, and is left alone after the call', async () => {
    const { how, during } = createCallPopup({}, SETTINGS)
    const popupWindowFeatures = { closePopupWindowAfterInSeconds: 5 }
    const timed = createCallPopup({ popupWindowFeatures }, SETTINGS)
    const popups = [how.openPopup?.(''), timed.how.openPopup?.('')]
    expect(await during(Promise.resolve('user'))).toBe('user')
    expect(await timed.during(Promise.resolve('user'))).toBe('user')
    await vi.advanceTimersByTimeAsync(600_000)
    expect(popups.map((popup) => popup?.closed)).toEqual([false, false])
    expect(timed.signal.aborted).toBe(false)
  })

  test('closes when the app aborts, also in a call that takes no signal', async () => {
    const stopping = new AbortController()
    const { how, during } = createCallPopup({ popupSignal: stopping.signal }, SETTINGS)
    const popup = how.openPopup?.('')
    const call = during(Promise.resolve())
    stopping.abort('The page changes.')
    await expect(call).rejects.toThrow('The page changes.')
    expect(popup?.closed).toBe(true)
  })

  test('does not hide a failure of the call', async () => {
    const { during } = createCallPopup({}, SETTINGS)
    const failure = new AuthError('access_denied', 'no')
    await expect(during(Promise.reject(failure))).rejects.toBe(failure)
  })
})
