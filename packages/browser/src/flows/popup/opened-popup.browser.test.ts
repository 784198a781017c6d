import { expect, test } from 'vitest'
import { openPopup } from './opened-popup.ts'

test('a function of the request opens the popup, and opens it again after the user closed it', async () => {
  const asked: string[] = []
  const open = (features: string) => {
    asked.push(features)
    return window.open('about:blank', 'own-name', features)
  }
  const request = { popupFeatures: 'popup,width=300', openPopup: open }
  const popup = openPopup(request, { popupFeatures: 'of the client' })
  expect([asked, popup.window().name]).toEqual([['popup,width=300'], 'own-name'])
  popup.close()
  await expect.poll(() => popup.window().closed).toBe(true)
  popup.showAgain()
  expect([asked.length, popup.isReopened()]).toEqual([2, true])
  popup.close()
})

test('without features of the request, the function gets those of the client; `null` is a refusal', () => {
  const asked: string[] = []
  const refuse = (features: string) => {
    asked.push(features)
    return null
  }
  const opening = () => openPopup({ openPopup: refuse }, { popupFeatures: 'of the client' })
  expect(opening).toThrow(expect.objectContaining({ code: 'popup_blocked' }))
  expect(asked).toEqual(['of the client'])
})
