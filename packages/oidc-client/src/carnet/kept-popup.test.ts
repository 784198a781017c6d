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
  test.each(['its page first', 'its opener first'])(
    'stays open until its page and its opener are ready: %s',
    (order) => {
      const { popup, close } = openPage()
      const notePassed = keepPopupOpen()
      const steps = [() => notePassed(true), () => noteCallEnded(popup)]
      for (const step of order === 'its page first' ? steps : steps.reverse()) {
        popup.close()
        expect(close).not.toHaveBeenCalled()
        step()
      }
      popup.close()
      expect(close).toHaveBeenCalledOnce()
    },
  )

  test('closes in a click of the user at any time', () => {
    const { popup, close } = openPage(true)
    keepPopupOpen()
    popup.close()
    expect(close).toHaveBeenCalledOnce()
  })

  test('is let go by its own page if no opener takes the response', () => {
    const { popup, close } = openPage()
    keepPopupOpen()(false)
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
