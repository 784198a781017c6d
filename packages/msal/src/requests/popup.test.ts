import { expect, test } from 'vitest'
import { featuresOf, toPopup } from './popup.ts'

const FRAME = { screenX: 100, screenY: 50, innerWidth: 1000, innerHeight: 800 }

test('size and position of a request are those of its popup', () => {
  const attributes = {
    popupSize: { width: 500, height: 700 },
    popupPosition: { top: 20, left: 30 },
  }
  expect(featuresOf(attributes, FRAME)).toBe('popup,width=500,height=700,top=20,left=30')
})

test('a popup without a size is in the centre of the window that opens it', () => {
  expect(featuresOf({}, FRAME)).toBe('popup,width=483,height=600,top=150,left=359')
})

test.each([0, -1, 5000])('a size of %d and a position of it become the default', (value) => {
  const attributes = {
    popupSize: { width: value, height: value },
    popupPosition: { top: value, left: value },
  }
  expect(featuresOf(attributes, FRAME)).toBe(featuresOf({}, FRAME))
})

test('the parent of the request opens the popup', () => {
  const opened: unknown[][] = []
  const open = (...given: unknown[]) => {
    opened.push(given)
    return null
  }
  const parent = { ...FRAME, open } as unknown as Window
  const { popupFeatures, openPopup } = toPopup({ popupWindowParent: parent })
  expect(popupFeatures).toBe(featuresOf({}, FRAME))
  expect(openPopup?.('popup,width=1')).toBeNull()
  expect(opened).toEqual([['about:blank', '_blank', 'popup,width=1']])
})

test('a request without fields for its popup leaves the popup to Carnet', () => {
  expect(toPopup({})).toEqual({})
})
