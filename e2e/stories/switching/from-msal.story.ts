import { expect, entraStory as story } from '../../entra-world.ts'
import { migrates, signsInWithMsal, storedKeys } from '../../steps/earlier.ts'

const VERSIONS = ['3.30.0', '4.18.0', '4.24.0', '4.30.0', '5.5.0', '5.29.0']
const PLACES = [
  { place: 'localStorage', staysSignedIn: false },
  { place: 'localStorage', staysSignedIn: true },
  { place: 'sessionStorage', staysSignedIn: false },
] as const

/** `npm test` runs one story for each format of the storage, and all places of the newest version. */
const tagOf = (version: string, place: string, staysSignedIn: boolean) =>
  version === '5.29.0' || (place === 'localStorage' && !staysSignedIn) ? [] : ['@thorough']

for (const version of VERSIONS)
  for (const { place, staysSignedIn } of PLACES)
    story(
      `A user of @azure/msal-browser ${version} in ${place}${staysSignedIn ? ', who stays signed in,' : ''} is signed in with Carnet`,
      { tag: tagOf(version, place, staysSignedIn) },
      async ({ app, world: { idp, bareUrl } }) => {
        const { page } = app
        const api = `${idp.api}/api.read`
        const authority = idp.authority('home')
        await idp.control.changeSettings({ consent: 'skip' })
        const claims = { signin_state: ['kmsi'] }
        if (staysSignedIn)
          await idp.control.addFault({
            endpoint: 'token',
            count: 3,
            fault: { kind: 'idToken', claims },
          })
        await signsInWithMsal(page, bareUrl, { version, place, authority }, [['User.Read'], [api]])

        await page.goto(bareUrl)
        await idp.control.clearFaults()
        const options = { clientId: 'spa', authority, authorityProfile: 'entra' } as const
        const report = await migrates(page, 'msal', options)
        const username = 'alice@contoso.example'
        const moved = { username, wasActive: true, accessTokens: 2, hasRefreshToken: true }
        expect(report).toEqual({ moved: [expect.objectContaining(moved)], skipped: [] })
        expect(await storedKeys(page, /^msal\.(?!version)|login|-spa-|\|spa\|/)).toEqual([])

        await idp.control.resetStats()
        expect((await app.starts()).answer?.username).toBe(username)
        expect((await app.asks(['User.Read'])).answer?.fromCache).toBe(true)
        expect((await app.asks([api])).answer?.fromCache).toBe(true)
        expect(await app.requests()).toMatchObject({ token: 0, authorization: 0, discovery: 0 })
        const renewed = await app.asks([api], { forceRefresh: true })
        expect([renewed.error, renewed.answer?.fromCache]).toEqual([undefined, false])
        expect(await app.requests()).toMatchObject({ token: 1, refresh_token: 1 })
      },
    )
