import { expect, expectSame, type Side, oidcStory as story } from '../../oidc-world.ts'

const SCOPE = 'openid profile email calendar.read'

/** Sees several calls, one after the other. */
async function seesEach(side: Side, calls: readonly string[]): Promise<unknown[]> {
  const seen: unknown[] = []
  for (const call of calls) seen.push(await side.sees(call))
  return seen
}

/** The names of the errors, without texts that only a developer reads. */
const withoutTexts = (seen: unknown): unknown =>
  JSON.parse(JSON.stringify(seen, (name, value) => (name === 'message' ? undefined : value)))

story('A revoked user stays, with the text of the access token @thorough', async ({ sides }) => {
  const seen = await sides(async (side) => {
    // The provider revokes opaque tokens, and refuses to revoke a JWT.
    const settings = { scope: 'openid email', revokeTokenAdditionalContentTypes: ['text/plain'] }
    await side.signsIn(settings)
    const before = await side.page.evaluate(
      async () => (await window.manager.getUser())?.access_token,
    )
    const revoked = await seesEach(side, ['manager.revokeTokens()', 'manager.getUser()'])
    await side.page.goto(side.url)
    await side.starts(settings)
    const reloaded = await side.sees('manager.getUser()')
    const after = await side.page.evaluate(
      async () => (await window.manager.getUser())?.access_token,
    )
    const requests = side.requests().filter(({ to }) => to.includes('revo'))
    return { revoked, reloaded, isKept: before === after, requests, events: await side.events() }
  })
  expectSame(seen)
})

story('Silent requests end in time with the known errors @thorough', async ({ sides }) => {
  const seen = await sides(async (side) => {
    const { control } = side.idp
    await side.signsIn({ scope: SCOPE })
    await control.addFault({ endpoint: 'token', fault: { kind: 'hang' } })
    const late = await side.sees('manager.signinSilent({ silentRequestTimeoutInSeconds: 1 })')
    await control.clearFaults()
    await control.addFault({ endpoint: 'authorization', fault: { kind: 'hang' } })
    const frame = await side.sees(
      'manager.signinSilent({ forceIframeAuth: true, silentRequestTimeoutInSeconds: 1 })',
    )
    await control.clearFaults()
    const user = await side.sees('manager.getUser()')
    // The original may have lost the session: the provider may have rotated its refresh token meanwhile.
    const next = side.library === 'carnet' && (await side.sees('manager.signinSilent()'))
    return { late, frame, user, next }
  })
  expect(seen.carnet).toMatchObject({ next: { answer: { hasToken: true } } })
  expect({ ...(seen.carnet as object), next: false }).toEqual(seen.original)
})

story('Settings decide about the claims of a profile @thorough', async ({ sides }) => {
  const seen = await sides(async (side) => {
    const profiles: unknown[] = []
    for (const settings of [
      { filterProtocolClaims: false },
      { filterProtocolClaims: ['email', 'sub', 'nonce'] },
      { scope: 'openid email', loadUserInfo: true, mergeClaimsStrategy: { array: 'merge' } },
    ]) {
      await side.page.goto(side.url)
      await side.signsIn({ scope: SCOPE, ...settings })
      profiles.push(
        await side.sees(
          'manager.getUser().then((user) => Object.keys(user.profile).filter((name) => name !== "nonce").sort())',
        ),
      )
    }
    return profiles
  })
  expectSame(seen)
})

story(
  'Parts of the provider that are down give the errors of the original @thorough',
  async ({ sides }) => {
    const seen = await sides(async (side) => {
      const { control } = side.idp
      const down = { kind: 'respond', status: 500, body: 'down' } as const
      await side.starts()
      await control.addFault({ endpoint: 'discovery', count: 20, fault: down })
      const discovery = await seesEach(side, [
        'manager.getUser()',
        'manager.signinRedirect()',
        'manager.signinPopup()',
        'manager.signinSilent()',
        'manager.metadataService.getIssuer()',
      ])
      await control.clearFaults()
      await side.starts()
      await control.addFault({ endpoint: 'token', count: 20, fault: down })
      await side.leaves('manager.signinRedirect()')
      await side.starts()
      const callback = await side.sees('manager.signinCallback()')
      await control.clearFaults()
      const used = await side.sees('manager.signinCallback()')
      await side.page.goto(side.url)
      await control.addFault({ endpoint: 'userinfo', count: 20, fault: down })
      const unknown = await side.signsIn({ scope: 'openid email', loadUserInfo: true })
      const nobody = await side.sees('manager.getUser()')
      await control.clearFaults()
      await side.page.goto(side.url)
      await side.page.evaluate(() => {
        window.open = () => null
      })
      await side.starts()
      await side.sees('manager.getUser()')
      const blocked = await side.sees('manager.signinPopup()')
      return { discovery, callback, used, unknown, nobody, blocked, events: await side.events() }
    })
    expect(withoutTexts(seen.carnet)).toEqual(withoutTexts(seen.original))
  },
)

story(
  'Listeners are awaited, in their order, and an error of one reaches the caller @thorough',
  async ({ sides }) => {
    const seen = await sides(async (side) => {
      await side.signsIn({ scope: SCOPE })
      const order = await side.sees(`(async () => {
      const order = []
      const remove = manager.events.addUserLoaded(async () => { await new Promise((r) => setTimeout(r, 50)); order.push('slow') })
      manager.events.addUserLoaded(() => { order.push('fast') })
      await manager.signinSilent()
      order.push('renewed')
      remove()
      await manager.getUser(true)
      return order
    })()`)
      const failed = await side.sees(`(() => {
      manager.events.addUserLoaded(() => { throw new Error('of the app') })
      return manager.getUser(true)
    })()`)
      const silent = await side.sees('manager.signinSilent()')
      const quiet = await side.sees('manager.getUser()')
      return { order, failed, silent, quiet }
    })
    expectSame(seen)
  },
)

story('Renewal starts and stops when the app says so @thorough', async ({ sides }) => {
  const seen = await sides(async (side) => {
    const { page, idp } = side
    await idp.control.changeSettings({ accessTokenLifetime: 120 })
    await page.clock.install()
    const settings = { scope: SCOPE, automaticSilentRenew: false }
    await side.signsIn(settings)
    await page.evaluate(() => {
      window.manager.startSilentRenew()
      window.manager.startSilentRenew()
      window.manager.stopSilentRenew()
    })
    await page.clock.runFor(65_000)
    const stopped = await side.events()
    await page.evaluate(() => window.manager.startSilentRenew())
    await idp.control.revokeRefreshTokens({})
    await side.sees('manager.getUser()')
    const names = async () => {
      await page.clock.runFor(1_000)
      return (await side.events()).map((event) => (event as unknown[])[0])
    }
    await expect.poll(names).toContain('silentRenewError')
    const errors = (await side.events()).filter(
      (event) => (event as unknown[])[0] === 'silentRenewError',
    )
    return { stopped, first: errors[0] }
  })
  expectSame(seen)
})

story('A sign-out takes the parameters of the app along @thorough', async ({ sides }) => {
  const seen = await sides(async (side) => {
    const { page } = side
    await side.signsIn({ scope: SCOPE })
    const other = `${side.url}index.html`
    await side.leaves(
      `manager.signoutRedirect({ redirectMethod: "replace", extraQueryParams: { ui_locales: "en", logout_hint: "alice", logout_uri: "x" }, post_logout_redirect_uri: "${other}", state: { a: 1 } })`,
    )
    const address = new URL(page.url())
    await side.starts()
    const signedOut = await side.sees('manager.signoutRedirectCallback()')
    const again = await side.sees('manager.signoutRedirectCallback()')
    const history = await page.evaluate(() => window.history.length)
    const isState = address.searchParams.get('state') !== null
    await side.signsIn({
      scope: SCOPE,
      response_mode: 'fragment',
    })
    const isFragment = page.url().includes('#')
    await side.leaves('manager.signoutRedirect()')
    return {
      signedOut,
      again,
      history,
      isState,
      isFragment,
      path: address.pathname,
      requests: side.requests(),
      events: await side.events(),
    }
  })
  expectSame(seen)
})

story('Two managers of two clients do not meet @thorough', async ({ sides }) => {
  const seen = await sides(async (side) => {
    await side.idp.control.addClient({ clientId: 'other', redirectUris: [side.url] })
    await side.signsIn({ scope: SCOPE })
    await side.signsIn({ scope: 'openid mail.read', client_id: 'other' }, { state: 2 })
    const other = await side.sees('manager.getUser()')
    await side.starts({ scope: SCOPE })
    const first = await side.sees('manager.getUser()')
    await side.sees('manager.removeUser()')
    await side.starts({ client_id: 'other' })
    const left = await side.sees('manager.getUser()')
    return { other, first, left }
  })
  expectSame(seen)
})

story('A navigator of the app opens the popups @thorough', async ({ sides }) => {
  const settings = { scope: SCOPE, opensPopups: true }
  const seen = await sides(async (side) => {
    await side.starts(settings)
    const calls = [
      'manager.signinPopup({ state: 1 })',
      'manager.getUser()',
      'manager.signinPopupCallback("x", true)',
      'manager.signoutPopup()',
      'manager.getUser()',
    ]
    const answers = await seesEach(side, calls)
    const pages = side.context.pages().length
    return { answers, pages, events: await side.events(), requests: side.requests() }
  })
  expectSame(seen)
})
