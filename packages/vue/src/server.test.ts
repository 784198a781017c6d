import { expect, test } from 'vitest'
import { createSSRApp, h } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { createCarnet, RequireAccount, SignedIn, SignedOut, useAuth, useToken } from './index.ts'
import { accountGuard } from './router.ts'

const Page = {
  setup() {
    const { status, client } = useAuth()
    const { token, error } = useToken({ scopes: ['a'] })
    return () => [
      h(SignedIn, () => 'in'),
      h(SignedOut, () => 'out'),
      h(RequireAccount, null, { default: () => 'required', fallback: () => 'fallback' }),
      [status.value, client.value, token.value, error.value].map(String).join(),
    ]
  },
}

test('a server renders the unknown session', async () => {
  const app = createSSRApp(Page).use(createCarnet(undefined))
  const html = await renderToString(app)
  expect(html.replace(/<!--.*?-->/g, '')).toBe('fallbackunknown,undefined,undefined,undefined')
})

test('a guard lets a server pass', async () => {
  const route = {} as Parameters<ReturnType<typeof accountGuard>>[0]
  const guard = accountGuard(undefined) as (to: typeof route) => Promise<unknown>
  expect(await guard(route)).toBe(undefined)
})

test('an app without a client says so', async () => {
  const app = createSSRApp(Page)
  app.config.warnHandler = () => undefined
  await expect(renderToString(app)).rejects.toThrow('createCarnet')
})
