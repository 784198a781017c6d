import { afterEach, describe, expect, test, vi } from 'vitest'
import { keepPopupOpen, noteCallEnded } from './kept-popup.ts'

/** The page of a popup, and the number of its real closings. */
function openPage(isInClick = false) {
  const close = vi.fn()
  const popup = { close } as unknown as Window
  vi.stubGlobal('window', popup)
  vi.stubGlobal('navigator', { userActivation: { isActive: isInClick } })
  return { popup, close }
}

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('a kept popup', () => {
  test('stays open until the call of its opener has ended', () => {
    const { popup, close } = openPage()
    keepPopupOpen()
    popup.close()
    expect(close).not.toHaveBeenCalled()
    noteCallEnded(popup)
    popup.close()
    expect(close).toHaveBeenCalledOnce()
  })

  test('closes in a click of the user at any time', () => {
    const { popup, close } = openPage(true)
    keepPopupOpen()
    popup.close()
    expect(close).toHaveBeenCalledOnce()
  })

  test('can be let go by its own page', () => {
    const { popup, close } = openPage()
    keepPopupOpen()()
    popup.close()
    expect(close).toHaveBeenCalledOnce()
  })
})

test('the end of a call is no error for other popups', () => {
  noteCallEnded(null)
  noteCallEnded(openPage().popup)
  const foreign = new Proxy({} as Window, {
    get() {
      throw new DOMException('Blocked a frame from accessing a cross-origin frame.')
    },
  })
  expect(() => noteCallEnded(foreign)).not.toThrow()
})
