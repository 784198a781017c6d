import type { App } from '../../steps/app.ts'
import { signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, inPageOnly, story } from '../../world.ts'

const SCOPES = ['calendar.read']

const hearDegraded = ({ page }: App) =>
  page.evaluate(() => {
    window.heard = []
    window.auth.on('storageDegraded', ({ cause }) => window.heard.push({ name: String(cause) }))
  })

const heard = ({ page }: App) => page.evaluate(() => window.heard)

/** Firefox does this if its user blocks the cookies of a site. */
function blockAllSiteData(): void {
  const refuse = () => {
    throw new DOMException('The operation is insecure.', 'SecurityError')
  }
  for (const name of ['indexedDB', 'localStorage', 'sessionStorage'])
    Object.defineProperty(window, name, { get: refuse })
  Object.assign(window, { BroadcastChannel: refuse })
}

const broken = {
  'is missing': () => Object.defineProperty(window, 'indexedDB', { value: undefined }),
  'throws on access': () =>
    Object.defineProperty(window, 'indexedDB', {
      get() {
        throw new DOMException('forbidden by policy', 'SecurityError')
      },
    }),
  'is blocked with all site data': blockAllSiteData,
  'does not open': () =>
    Object.assign(IDBFactory.prototype, {
      open() {
        throw new DOMException('private mode', 'InvalidStateError')
      },
    }),
}

for (const [what, breakIt] of Object.entries(broken)) {
  story(`IndexedDB ${what}: the app works from memory, and gets one event`, async ({ app }) => {
    await app.idp.control.changeSettings({ consent: 'skip' })
    await app.page.addInitScript(breakIt)
    await app.page.reload()
    expect((await app.starts()).error).toBeUndefined()
    await hearDegraded(app)
    const { popup, outcome } = await app.opensPopupBy('signIn', {
      interaction: 'popup',
      scopes: SCOPES,
    })
    await signInAtProvider(popup, 'Alice Adams')
    expect((await outcome).answer?.uniqueId).toBe('alice')
    expect((await app.asks(SCOPES)).answer?.fromCache).toBe(true)
    expect((await app.asks(SCOPES, { forceRefresh: true })).answer?.fromCache).toBe(false)
    expect(await heard(app)).toHaveLength(1)

    // Without storage a redirect would lose its transaction, so the call rejects before the navigation.
    if (breakIt === blockAllSiteData)
      expect((await app.calls('acquireTokenRedirect', { scopes: SCOPES })).error).toMatchObject({
        code: 'storage_unavailable',
      })
  })
}

story('The app works with web storage that throws', async ({ app }) => {
  await app.page.addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage'])
      Object.defineProperty(window, name, {
        get() {
          throw new DOMException('forbidden', 'SecurityError')
        },
      })
  })
  await app.page.reload()
  await app.isSignedIn({ scopes: SCOPES })
  expect((await app.asks(SCOPES)).answer?.fromCache).toBe(true)
})

story(
  'The app continues after its data is cleared, and stores its records again',
  async ({ app }) => {
    await app.isSignedIn({ scopes: SCOPES })
    await app.asks(SCOPES)
    await hearDegraded(app)
    await app.page.evaluate(
      () =>
        new Promise((resolve) => {
          const deleting = indexedDB.deleteDatabase('carnet')
          deleting.onsuccess = resolve
          deleting.onerror = resolve
        }),
    )
    expect((await app.asks(SCOPES)).answer?.uniqueId).toBe('alice')
    expect((await app.asks(SCOPES, { forceRefresh: true })).answer?.fromCache).toBe(false)
    expect(await heard(app)).toHaveLength(1)

    const stored = () =>
      app.page.evaluate(async () =>
        (await indexedDB.databases()).some(({ name }) => name === 'carnet'),
      )
    await expect
      .poll(async () => {
        await app.asks(SCOPES, { forceRefresh: true })
        return stored()
      })
      .toBe(true)
    await app.page.reload()
    expect((await app.starts()).answer?.username).toBe('alice@example.com')
    expect((await app.asks(SCOPES, { forceRefresh: true })).answer?.fromCache).toBe(false)
  },
)

story(
  'A rotated refresh token stays in memory while the disk is full, and is stored later',
  async ({ app }) => {
    await app.isSignedIn({ scopes: SCOPES })
    await hearDegraded(app)
    await app.page.evaluate(() => {
      const { put } = IDBObjectStore.prototype
      Object.assign(window, { put })
      IDBObjectStore.prototype.put = () => {
        throw new DOMException('full', 'QuotaExceededError')
      }
    })
    expect((await app.asks(SCOPES, { forceRefresh: true })).answer?.fromCache).toBe(false)
    expect((await app.asks(SCOPES, { forceRefresh: true })).answer?.fromCache).toBe(false)
    expect(await heard(app)).toMatchObject([{ name: expect.stringContaining('full') }])

    let isWritten = false
    const written = app.page.evaluate(() => {
      const { put } = window as unknown as { put: IDBObjectStore['put'] }
      return new Promise((resolve) => {
        IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...rest) {
          if (this.name === 'refreshTokens') setTimeout(resolve, 100)
          return put.apply(this, rest)
        }
      })
    })
    void written.then(() => {
      isWritten = true
    })
    await expect
      .poll(async () => {
        await app.asks(SCOPES, { forceRefresh: true })
        return isWritten
      })
      .toBe(true)
    await app.page.reload()
    await app.starts()
    expect((await app.asks(SCOPES, { forceRefresh: true })).answer?.uniqueId).toBe('alice')
  },
)

story('A database of a later version is not changed', async ({ app }) => {
  await app.page.evaluate(
    () =>
      new Promise((resolve) => {
        const opening = indexedDB.open('carnet', 99)
        opening.onupgradeneeded = () => opening.result.createObjectStore('of the future')
        opening.onsuccess = () => {
          opening.result.close()
          resolve(undefined)
        }
      }),
  )
  expect((await app.starts()).error).toBeUndefined()
  await hearDegraded(app)
  expect(await heard(app)).toHaveLength(1)
  const version = await app.page.evaluate(async () => (await indexedDB.databases())[0]?.version)
  expect(version).toBe(99)
})

story.describe('where iframes find no session', () => {
  story.use({ cookies: 'blocked' })

  story(
    'After a newer version upgrades the database, the older version redeems no token of it',
    inPageOnly,
    async ({ app }) => {
      await app.isSignedIn({ scopes: SCOPES })
      await app.page.reload()
      await app.starts()
      // The older version has all records of the database in memory, with the refresh token.
      expect((await app.asks(SCOPES, { forceRefresh: true })).answer?.fromCache).toBe(false)
      await hearDegraded(app)
      await app.idp.control.resetStats()
      const other = await app.page.context().newPage()
      await other.goto(app.world.bareUrl)
      const upgraded = await other.evaluate(
        () =>
          new Promise((resolve) => {
            const opening = indexedDB.open('carnet', 2)
            opening.onblocked = () => resolve('blocked')
            opening.onsuccess = () =>
              resolve(opening.result.objectStoreNames.contains('refreshTokens'))
          }),
      )
      expect(upgraded).toBe(true)
      await expect.poll(async () => (await heard(app)).length).toBe(1)
      expect((await app.asks(SCOPES)).answer?.fromCache).toBe(true)
      // Only the user can help.
      const { error } = await app.asks(SCOPES, { forceRefresh: true })
      expect(error).toMatchObject({ code: 'interaction_required' })
      expect((await app.requests()).refresh_token).toBe(0)

      // A sign-in here brings a separate refresh token.
      const { outcome } = await app.opensPopupBy('signIn', {
        interaction: 'popup',
        scopes: SCOPES,
      })
      expect((await outcome).answer?.uniqueId).toBe('alice')
      expect((await app.asks(SCOPES, { forceRefresh: true })).answer?.fromCache).toBe(false)
    },
  )
})
