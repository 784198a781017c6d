import { type App, anotherTab } from '../../steps/app.ts'
import { HOUR_MS, isRenewable, SCOPES } from '../../steps/survival.ts'
import { expect, story } from '../../world.ts'

story.use({ cookies: 'blocked' })

const quiet = { renewal: { enabled: false } }

/** Signs Alice in, and starts a refresh whose page is reloaded. */
async function losesPageDuringRefresh(app: App, options: object = {}): Promise<void> {
  await app.idp.control.resetStats()
  await app.jumps(HOUR_MS)
  app.asks(SCOPES).catch(() => undefined) // The page ends.
  await expect.poll(async () => (await app.requests()).refresh_token).toBe(1)
  await app.page.reload()
  await app.starts({ ...quiet, clockAheadMs: HOUR_MS, ...options })
}

const isSignedIn = (app: App, options: object = {}) =>
  app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', { ...quiet, ...options })

story.describe('the provider', () => {
  story('answers after the page gave up: the next call uses the answer', async ({ app }) => {
    await isSignedIn(app, { requestTimeoutMs: 3000 })
    await app.idp.control.addFault({ endpoint: 'token', fault: { kind: 'hang' } })
    await app.idp.control.resetStats()
    await app.jumps(HOUR_MS)
    const late = await app.asks(SCOPES)
    expect(late.error).toMatchObject({ code: 'timeout' })
    await app.idp.control.clearFaults() // The provider goes on with the request.
    await app.jumps(120_000) // The pause after a failure is over.
    expect((await app.asks(SCOPES)).answer?.uniqueId).toBe('alice')
    expect((await app.requests()).refresh_token).toBe(1)
    await isRenewable(app, 2)
  })

  story('never answers: after the deadline the request is sent again, once', async ({ app }) => {
    await isSignedIn(app, { requestTimeoutMs: 500 })
    // The connection stays open, and the request is never looked at.
    await app.idp.control.addFault({ endpoint: 'token', fault: { kind: 'hang' } })
    await losesPageDuringRefresh(app, { requestTimeoutMs: 500 })
    await expect.poll(async () => (await app.asks(SCOPES)).answer?.uniqueId).toBe('alice')
    expect((await app.requests()).refresh_token).toBe(2)
  })

  const answers = {
    'an error': { status: 503, body: '' },
    'a page of a proxy': {
      status: 200,
      headers: { 'content-type': 'text/html' },
      body: '<p>Hi</p>',
    },
  }
  for (const [what, answer] of Object.entries(answers))
    story(`sends ${what}: it is no answer for the next page`, async ({ app }) => {
      await isSignedIn(app)
      await app.idp.control.changeSettings({ latencyMs: { token: 600 } })
      await app.idp.control.addFault({ endpoint: 'token', fault: { kind: 'respond', ...answer } })
      await losesPageDuringRefresh(app)
      const { answer: got, error } = await app.asks(SCOPES)
      expect(error).toBeUndefined()
      expect(got?.uniqueId).toBe('alice')
      expect((await app.requests()).refresh_token).toBe(2)
    })

  story('sends the answer to an earlier request again: it is refused', async ({ app }) => {
    await isSignedIn(app)
    const { refreshTokens, accessTokens } = await app.idp.control.issued()
    expect((await app.asks(SCOPES, { forceRefresh: true })).error).toBeUndefined()
    const body = JSON.stringify({
      access_token: accessTokens.at(-1),
      refresh_token: refreshTokens.at(-1),
      token_type: 'Bearer',
      expires_in: 3600,
    })
    const headers = { 'content-type': 'application/json' }
    await app.idp.control.addFault({
      endpoint: 'token',
      fault: { kind: 'respond', status: 200, headers, body },
    })
    const { error } = await app.asks(SCOPES, { forceRefresh: true })
    expect(error).toMatchObject({ code: 'invalid_response' })
    await isRenewable(app, 3)
  })

  story('sends an ID token of another user: nobody else is signed in', async ({ app }) => {
    await isSignedIn(app)
    await app.idp.control.changeSettings({ latencyMs: { token: 600 } })
    const claims = { sub: 'mallory' }
    await app.idp.control.addFault({ endpoint: 'token', fault: { kind: 'idToken', claims } })
    await losesPageDuringRefresh(app)
    expect((await app.asks(SCOPES)).answer).toBeUndefined()
    expect(await app.page.evaluate(() => window.auth.accounts.map(({ name }) => name))).toEqual([
      'Alice Adams',
    ])
  })
})

story('A request for other scopes takes only the refresh token of the answer', async ({ app }) => {
  await isSignedIn(app)
  await app.idp.control.changeSettings({ latencyMs: { token: 600 } })
  await losesPageDuringRefresh(app)
  const { answer, error } = await app.asks(SCOPES, { resource: `${app.idp.issuer}/api` })
  expect(error?.code).not.toBe('token_request_failed')
  expect(answer?.scopes ?? SCOPES).toEqual(expect.arrayContaining(SCOPES))
  expect((await app.asks(SCOPES)).answer?.uniqueId).toBe('alice')
  await app.idp.control.changeSettings({ latencyMs: 0 })
  expect((await app.asks(SCOPES, { forceRefresh: true })).error).toBeUndefined()
})

story('A sign-out during a refresh: the answer signs nobody in again', async ({ app }) => {
  await isSignedIn(app)
  const other = await anotherTab(app)
  await other.starts(quiet)
  // The entry of the code says only that it was redeemed.
  const before = await touchJournal(app, 'count')
  await app.idp.control.changeSettings({ latencyMs: { token: 800 } })
  await app.idp.control.resetStats()
  await app.jumps(HOUR_MS)
  app.asks(SCOPES).catch(() => undefined) // The page ends.
  await expect.poll(async () => (await app.requests()).refresh_token).toBe(1)
  await app.page.close()
  await other.calls('signOut', { interaction: 'none' })
  await expect.poll(() => other.page.evaluate(isQuiet)).toBe(true)
  await other.page.reload()
  expect(await other.starts(quiet)).toEqual({ answer: {} })
  expect(await touchJournal(other, 'count')).toBe(before)
})

story('A sign-out during the redemption of a code: nobody is signed in again', async ({ app }) => {
  await app.idp.control.changeSettings({ consent: 'skip', signInAs: 'alice' })
  await isSignedIn(app)
  const other = await anotherTab(app)
  await other.starts(quiet)
  const settings = { signInAs: 'alice', latencyMs: { token: 800 } } as const
  await app.idp.control.changeSettings(settings)
  await app.leavesBy('signIn', { scopes: SCOPES })
  await app.page.waitForURL(({ hash }) => hash.includes('state='))
  await app.idp.control.resetStats()
  app.starts(quiet).catch(() => undefined) // The page ends.
  await expect.poll(async () => (await app.requests()).authorization_code).toBe(1)
  await app.page.close()
  await other.calls('signOut', { interaction: 'none' })
  await expect.poll(() => other.page.evaluate(isQuiet)).toBe(true)
  await other.page.reload()
  expect(await other.starts(quiet)).toEqual({ answer: {} })
})

/** The journal after a page was lost: changed, replaced, or written back after its use. */
story.describe('an entry of the journal', () => {
  story('that was modified is dropped', async ({ app }) => {
    await isSignedIn(app)
    await app.idp.control.changeSettings({ latencyMs: { token: 600 } })
    await app.idp.control.resetStats()
    await app.jumps(HOUR_MS)
    app.asks(SCOPES).catch(() => undefined) // The page ends.
    await expect.poll(async () => (await app.requests()).refresh_token).toBe(1)
    await app.page.reload()
    await expect.poll(() => app.page.evaluate(isQuiet)).toBe(true)
    await touchJournal(app, 'change')
    await app.starts({ ...quiet, clockAheadMs: HOUR_MS })
    // Nothing wrong is accepted: the answer is gone, so the user is needed.
    expect((await app.asks(SCOPES)).error).toMatchObject({ code: 'interaction_required' })
  })

  story('of a code does not serve again after its use', async ({ app }) => {
    await app.idp.control.changeSettings({ consent: 'skip', signInAs: 'alice' })
    await app.idp.control.changeSettings({ latencyMs: { token: 800 } })
    await app.starts(quiet)
    await app.leavesBy('signIn', { scopes: SCOPES })
    await app.page.waitForURL(({ hash }) => hash.includes('state='))
    await app.idp.control.resetStats()
    app.starts(quiet).catch(() => undefined) // The page ends.
    await expect.poll(async () => (await app.requests()).authorization_code).toBe(1)
    await app.page.reload()
    await expect.poll(() => app.page.evaluate(isQuiet)).toBe(true)
    expect(await touchJournal(app, 'keep')).toBe(1)
    await app.starts(quiet)
    await app.idp.control.changeSettings({ latencyMs: 0 })
    expect((await app.asks(SCOPES, { forceRefresh: true })).error).toBeUndefined()
    await touchJournal(app, 'writeBack')
    await app.calls('signOut', { interaction: 'none' })
    await touchJournal(app, 'writeBack')
    await app.page.reload()
    expect(await app.starts(quiet)).toEqual({ answer: {} })
  })
})

/** True if no context sends a token request. */
async function isQuiet(): Promise<boolean> {
  const { held = [] } = await navigator.locks.query()
  return held.every(({ name }) => !name?.startsWith('carnet.flight'))
}

/** Counts, changes, or keeps the records of the journal outside the database, or writes them back. Returns their number. */
const touchJournal = ({ page }: App, how: 'count' | 'change' | 'keep' | 'writeBack') =>
  page.evaluate(inJournal, how)

function inJournal(how: 'count' | 'change' | 'keep' | 'writeBack'): Promise<number> {
  type Sealed = { key: string; value: { data: ArrayBuffer } }
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('carnet')
    opening.onerror = () => reject(opening.error)
    opening.onsuccess = () => {
      const transaction = opening.result.transaction('transactions', 'readwrite')
      const table = transaction.objectStore('transactions')
      const all: IDBRequest<Sealed[]> = table.getAll()
      all.onsuccess = () => {
        const found = all.result.filter(({ key }) => key.includes('|journal|'))
        const kept = window as { kept?: Sealed[] }
        if (how === 'keep') kept.kept = found
        if (how === 'writeBack') for (const record of kept.kept ?? []) table.put(record)
        if (how === 'change')
          for (const record of found) {
            const bytes = new Uint8Array(record.value.data)
            bytes[40] = (bytes[40] ?? 0) ^ 1
            table.put(record)
          }
        transaction.oncomplete = () => {
          opening.result.close()
          resolve(found.length)
        }
      }
    }
  })
}
