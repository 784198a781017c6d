import { type Part, startCopies, toldOf } from '../../steps/copies.ts'
import { expect, story } from '../../world.ts'

const ALICE = 'alice@example.com'

story.beforeEach(async ({ world }) => {
  await world.idp.control.reset()
  // The provider responds at once, so a loop would be fast.
  await world.idp.control.changeSettings({ consent: 'skip', signInAs: 'alice' })
})

const asked = async (control: { stats(): Promise<{ counts: object }> }) =>
  (await control.stats()).counts as { authorization?: number; token?: number }

for (const copies of [
  ['script', 'module'],
  ['module', 'remote'],
  ['script', 'module', 'remote'],
] as const)
  for (const isOneByOne of [false, true])
    story(
      `${copies.join(', ')}, ${isOneByOne ? 'one by one' : 'at the same time'}: one sign-in, and each copy gets its result`,
      async ({ page, world }) => {
        const parts: Part[] = copies.map((copy) => ({ copy, signsIn: true }))
        await startCopies(page, world, parts, isOneByOne)
        const told = await toldOf(page)
        expect(told).toEqual(
          copies.map((copy) => ({ copy, username: ALICE, accessToken: expect.any(String) })),
        )
        expect(new Set(told.map(({ accessToken }) => accessToken)).size).toBe(1)
        expect(await asked(world.idp.control)).toMatchObject({ authorization: 1, token: 1 })
        expect(page.url()).not.toMatch(/code=|state=/)
      },
    )

story('Each copy gets the error of a sign-in once', async ({ page, world }) => {
  await world.idp.control.addFault({
    endpoint: 'authorization',
    fault: {
      kind: 'authorizationResponse',
      set: { code: null, error: 'access_denied' },
    },
  })
  const parts = (['script', 'module', 'remote'] as const).map((copy) => ({ copy }))
  await startCopies(page, world, parts)
  await toldOf(page)
  await page.evaluate(() => {
    localStorage.setItem(
      'plan',
      JSON.stringify({ ...JSON.parse(localStorage.plan), isOneByOne: true }),
    )
    void window.clients.script?.signIn({ scopes: ['calendar.read'] })
  })
  await page.waitForFunction(() => window.isSettled && window.told[0]?.code !== undefined)
  expect((await toldOf(page)).map(({ code }) => code)).toEqual(Array(3).fill('access_denied'))
  expect(await asked(world.idp.control)).toMatchObject({ authorization: 1 })

  await page.reload()
  expect((await toldOf(page)).map(({ code }) => code)).toEqual([undefined, undefined, undefined])
})

for (const [what, options] of [
  ['another cache', { cache: { name: 'other' } }],
  ['another client id', { clientId: 'other' }],
] as const)
  story(`Copies with ${what} share nothing`, async ({ page, world }) => {
    const redirectUris = [`${world.bareUrl}no-bundler/copies.html`]
    await world.idp.control.addClient({ clientId: 'other', redirectUris })
    await startCopies(page, world, [
      { copy: 'script', signsIn: true },
      { copy: 'module', options },
    ])
    await page.waitForFunction(() => window.isSettled && window.told[0]?.username !== undefined)
    const [first, second] = await toldOf(page)
    expect(first).toMatchObject({ username: ALICE, accessToken: expect.any(String) })
    expect(second).toEqual({ copy: 'module' })
  })

story(
  'Two copies that sign in by one click open one popup and share its result',
  async ({ page, world }) => {
    await world.idp.control.changeSettings({ signInAs: null })
    await startCopies(page, world, [{ copy: 'script' }, { copy: 'module' }])
    await toldOf(page)
    const opened: unknown[] = []
    page.on('popup', (popup) => opened.push(popup))
    const opening = page.waitForEvent('popup')
    const outcome = page.evaluate(async () => {
      const { script, module } = window.clients
      const asking = [script, module].map((auth) =>
        auth?.signIn({ interaction: 'popup' }).then(({ account, accessToken }) => ({
          username: account.username,
          accessToken,
          known: auth.accounts.map(({ username }) => username),
          active: auth.activeAccount?.username,
        })),
      )
      return Promise.all(asking)
    })
    await (await opening).getByRole('button', { name: 'Continue as Alice Adams' }).click()
    const answers = await outcome
    for (const answer of answers)
      expect(answer).toMatchObject({ username: ALICE, known: [ALICE], active: ALICE })
    expect(answers[0]?.accessToken).toBe(answers[1]?.accessToken)
    expect(opened).toHaveLength(1)
    expect(await asked(world.idp.control)).toMatchObject({ token: 1 })
  },
)

for (const [what, options] of [
  ['another client', { clientId: 'other' }],
  ['a copy of the client', {}],
] as const)
  story(
    `The page of a popup starts ${what} too, and the response arrives`,
    async ({ page, world }) => {
      const redirectUris = [`${world.bareUrl}no-bundler/copies.html`]
      await world.idp.control.changeSettings({ signInAs: null })
      await world.idp.control.addClient({ clientId: 'other', redirectUris })
      // The check of this option takes time, so the second client of the popup could answer first.
      const checked = { resources: { 'https://api.example.com/': ['calendar.read'] } }
      await startCopies(page, world, [
        { copy: 'script', name: 'first', options: checked },
        { copy: 'script', name: 'second', options },
      ])
      await toldOf(page)
      const opening = page.waitForEvent('popup')
      const outcome = page.evaluate(() =>
        window.clients.first
          ?.signIn({ interaction: 'popup' })
          .then(({ account }) => account.username),
      )
      await (await opening).getByRole('button', { name: 'Continue as Alice Adams' }).click()
      expect(await outcome).toBe(ALICE)
    },
  )

story('A foreign value under the shared symbol stops no copy', async ({ page, world }) => {
  await page.addInitScript(() => {
    // Each copy finds a value of an unknown shape under the shared symbol.
    const byName = Symbol.for
    Symbol.for = (name) => {
      const symbol = byName(name)
      if (name.startsWith('carnet') && !(symbol in window))
        Object.assign(window, { [symbol]: { version: 99, result: 'odd' } })
      return symbol
    }
  })
  await startCopies(page, world, [{ copy: 'script', signsIn: true }])
  await page.waitForFunction(() => window.isSettled && window.told[0]?.username !== undefined)
  expect((await toldOf(page))[0]).toMatchObject({ username: ALICE })
})
