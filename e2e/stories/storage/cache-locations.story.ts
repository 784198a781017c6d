import { anotherTab } from '../../steps/app.ts'
import { everythingStored } from '../../steps/browser/storage-dump.ts'
import { expect, story } from '../../world.ts'

story(
  "With `location: 'memory'` a redirect works, and a reload removes the session",
  async ({ app, context }) => {
    const options = { cache: { location: 'memory' } } as const
    await app.isSignedIn({ scopes: ['calendar.read'] }, 'Alice Adams', options)
    expect((await app.asks(['calendar.read'])).answer).toMatchObject({
      fromCache: true,
      uniqueId: 'alice',
    })
    expect(await everythingStored(app.page, context)).not.toContain('"alice"')

    await app.page.reload()
    expect((await app.starts(options)).answer?.username).toBeUndefined()
  },
)

story(
  "With `location: 'session'` a reload keeps the session, and another tab has none",
  async ({ app, context }) => {
    const options = { cache: { location: 'session', name: 'of-this-tab' } } as const
    await app.isSignedIn({ scopes: ['calendar.read'] }, 'Alice Adams', options)
    await app.page.reload()
    expect((await app.starts(options)).answer?.username).toBe('alice@example.com')
    expect((await app.asks(['calendar.read'])).answer?.fromCache).toBe(true)
    expect((await app.asks(['calendar.read'], { forceRefresh: true })).answer?.fromCache).toBe(
      false,
    )

    const { accessTokens, refreshTokens, idTokens } = await app.idp.control.issued()
    const stored = await everythingStored(app.page, context)
    for (const secret of [...accessTokens, ...refreshTokens, ...idTokens])
      expect(stored).not.toContain(secret)

    const other = await anotherTab(app)
    expect((await other.starts(options)).answer?.username).toBeUndefined()
  },
)

story('Two apps of one origin with different cache names share nothing', async ({ app }) => {
  await app.isSignedIn({ scopes: ['calendar.read'] })
  const { answer } = await app.starts({ cache: { name: 'another' } })
  expect(answer?.username).toBeUndefined()
  expect((await app.starts()).answer?.username).toBe('alice@example.com')
})
