import { expect, test } from 'vitest'
import { parseNews } from './tab-news.ts'

const news = {
  eventType: 'msal:loginSuccess',
  correlationId: 'id',
  interactionType: 'popup',
  ids: { homeAccountId: 'alice.home', localAccountId: 'alice', tenantId: 'home' },
}

test('the news of another tab are read with their account', () => {
  expect(parseNews({ ...news, idToken: 'must not pass' })).toEqual(news)
  expect(parseNews({ ...news, eventType: 'msal:logoutSuccess', ids: undefined })).toEqual({
    ...news,
    eventType: 'msal:logoutSuccess',
    ids: undefined,
  })
})

test.each([
  null,
  'msal:loginSuccess',
  { ...news, eventType: 'msal:acquireTokenStart' },
  { ...news, correlationId: 1 },
  { ...news, interactionType: 'elsewhere' },
])('the message %j is not news', (message) => {
  expect(parseNews(message)).toBeUndefined()
})

test('ids that are not whole name no account', () => {
  expect(parseNews({ ...news, ids: { homeAccountId: 'alice.home' } })?.ids).toBeUndefined()
})
