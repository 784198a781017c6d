import { PAGE_ORIGIN, RESOURCE_URLS, TABLE_RESOURCES } from '@carnet/core/fakes'
import { createAppIn } from './app-in-a-tab.ts'
import { engineStory, expect } from './world.ts'

const REDIRECTS = [301, 302, 303, 307, 308]

/** The URLs that mean the same on an http page of another host. */
const URLS = RESOURCE_URLS.filter(([, url]) => {
  const there = URL.canParse(url, PAGE_ORIGIN) ? new URL(url, PAGE_ORIGIN).href : ''
  const here = URL.canParse(url, 'http://localhost/') ? new URL(url, 'http://localhost/').href : ''
  return there === here || there.startsWith(PAGE_ORIGIN) === here.startsWith('http://localhost/')
})

engineStory('No token goes to a wrong place', async ({ engine, world: { idp, bareUrl } }) => {
  const resources = { ...TABLE_RESOURCES, [`${idp.issuer}/api/`]: ['calendar.read'] }
  const app = createAppIn(engine, await engine.openTab(bareUrl), {
    renewal: { enabled: false },
    resources,
  })
  await idp.control.changeSettings({ consent: 'skip', signInAs: 'alice' })
  await app.starts()
  await app.presses('signIn', { scopes: ['calendar.read'] })
  await expect.poll(async () => (await app.tab.url()).includes('state=')).toBe(true)
  await app.starts()

  const tokens = await app.tab.evaluate(
    (urls) =>
      urls.map((url) => {
        const match = window.auth.resourceFor(url)
        return match.attached ? match.scopes.join(' ') : null
      }),
    URLS.filter(([, url]) => !/^(\/\/|\\\\|https:\/[^/])/.test(url)).map(([, url]) => url),
  )
  expect(tokens).toEqual(
    URLS.filter(([, url]) => !/^(\/\/|\\\\|https:\/[^/])/.test(url)).map(([, , token]) => token),
  )

  await app.tab.evaluate(
    ([statuses, issuer]) => {
      window.outcome = undefined
      const calls = statuses.flatMap((status) =>
        ['same', 'other'].flatMap((to) =>
          ['GET', 'POST'].map(async (method) => {
            const body = method === 'POST' ? 'x' : null
            const url = `${issuer}/api/redirect/${status}?to=${to}`
            const response = await window.auth.fetch(url, { method, body }).catch(() => undefined)
            return [status, to, method, response?.status]
          }),
        ),
      )
      void Promise.all(calls).then((answer) => {
        window.outcome = { answer }
      })
    },
    [REDIRECTS, idp.issuer] as [number[], string],
  )
  const { answer = [] } = await app.outcome<[number, string, string, number | undefined][]>()
  expect(answer).toHaveLength(20)
  for (const [, to, , status] of answer) if (to === 'same') expect(status).toBe(200)
  const other = await idp.control.otherOrigin()
  expect(other.authorization).toBe(0)
  expect(other.requests).toBeGreaterThan(0)
})
