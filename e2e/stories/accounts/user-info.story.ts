import type { UserInfo } from '@carnet/browser'
import { anotherTab } from '../../steps/app.ts'
import { expect, story } from '../../world.ts'

const SCOPES = ['openid', 'profile', 'email']

story('`userInfo` calls the userinfo endpoint with the cached token', async ({ app }) => {
  await app.isSignedIn({ scopes: SCOPES })
  await app.idp.control.resetStats()
  const { answer } = await app.calls<UserInfo>('userInfo')
  expect(answer).toMatchObject({ sub: 'alice', email: 'alice@example.com' })
  expect(await app.requests()).toMatchObject({ userinfo: 1 })
  expect((await app.requests()).token ?? 0).toBe(0)
})

story('A userinfo response of another user is refused', async ({ app }) => {
  await app.isSignedIn({ scopes: SCOPES })
  for (const body of [{ sub: 'bob' }, { name: 'Alice' }, [], 'alice']) {
    const headers = { 'content-type': 'application/json' }
    const fault = { kind: 'respond', status: 200, headers, body: JSON.stringify(body) } as const
    await app.idp.control.addFault({ endpoint: 'userinfo', fault })
    const { answer, error } = await app.calls<UserInfo>('userInfo')
    expect(answer).toBeUndefined()
    expect(error).toMatchObject({ name: 'AuthError', code: 'invalid_response' })
  }
})

story('A token that the userinfo endpoint refuses is renewed once', async ({ app }) => {
  await app.isSignedIn({ scopes: SCOPES })
  await app.idp.control.resetStats()
  const refused = {
    kind: 'respond',
    status: 401,
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
    body: '',
  } as const
  await app.idp.control.addFault({ endpoint: 'userinfo', fault: refused })
  expect((await app.calls<UserInfo>('userInfo')).answer?.sub).toBe('alice')
  expect(await app.requests()).toMatchObject({ userinfo: 2, refresh_token: 1 })

  await app.idp.control.addFault({ endpoint: 'userinfo', fault: refused, count: 9 })
  const { error } = await app.calls<UserInfo>('userInfo')
  expect(error).toMatchObject({ code: 'userinfo_failed', oauth: { error: 'invalid_token' } })
  expect(await app.requests()).toMatchObject({ userinfo: 4, refresh_token: 2 })
})

story('Without an account `userInfo` rejects without a request', async ({ app }) => {
  const other = await anotherTab(app)
  await other.starts()
  expect((await other.calls<UserInfo>('userInfo')).error?.code).toBe('interaction_required')
  expect((await app.requests()).userinfo ?? 0).toBe(0)
})
