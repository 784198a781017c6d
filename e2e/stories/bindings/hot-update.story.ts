import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startIdentityProvider } from '@carnet/idp'
import { expect, test } from '@playwright/test'
import { freePort } from '../../../scripts/free-port.mjs'
import { copyApp, type HotCopy, serveByAngular, serveByVite } from '../../steps/hot-copies.ts'

/** A behaviour of the suite in `behaviours.story.ts`. */
const behaviour = test.step

/** The file of the example with the component that changes. */
const COMPONENTS = {
  react: 'pages.tsx',
  vue: 'App.vue',
  svelte: 'App.svelte',
  solid: 'pages.tsx',
  angular: 'src/app.ts',
} as const

/** The module of the client. */
function clientOf({ example }: HotCopy): string {
  const paths = ['auth.ts', 'src/auth.ts', 'src/main.ts'].map((path) => join(example, path))
  const found = paths.find((path) => existsSync(path))
  if (!found) throw new Error(`${example} has no module of the client.`)
  return found
}

/** Closes servers at the end, also if the story fails. */
const story = test.extend<{ closes: (server: { close(): Promise<unknown> }) => void }>({
  closes: async ({ page: _ }, use) => {
    const servers: { close(): Promise<unknown> }[] = []
    await use((server) => void servers.push(server))
    await Promise.all(servers.map((server) => server.close()))
  },
})

for (const [name, component] of Object.entries(COMPONENTS)) {
  story(
    `${name}: a changed component keeps the session, and a changed client signs in once`,
    {
      tag: '@thorough',
    },
    async ({ page, closes }) => {
      story.setTimeout(120_000) // The builder of Angular compiles the app first.
      const port = await freePort()
      const url = `http://localhost:${port}/`
      const idp = await startIdentityProvider({
        clients: [{ clientId: 'spa', redirectUris: [url] }],
      })
      const copy = copyApp(name)
      const server =
        name === 'angular'
          ? serveByAngular(copy, port, idp.issuer)
          : serveByVite(name, copy, port, idp.issuer)
      closes(idp)
      closes(server)
      await server.ready
      await idp.control.changeSettings({ consent: 'skip', signInAs: 'alice' })
      await page.goto(url)
      await page.getByRole('button', { name: 'Sign in', exact: true }).click({ timeout: 20_000 })
      const seesUser = () =>
        expect(page.getByText('Signed in as alice@example.com')).toBeVisible({ timeout: 20_000 })
      await seesUser()
      await idp.control.resetStats()
      const requests = async () => {
        const { counts } = await idp.control.stats()
        return Object.entries(counts).filter(([, count]) => count > 0)
      }
      await page.evaluate(async () => {
        const auth = await (window as unknown as { auth: Promise<{ on: CallableFunction }> }).auth
        const on = auth.on.bind(auth)
        Object.assign(window, { listeners: 0 })
        const count = window as unknown as { listeners: number }
        auth.on = (...args: unknown[]) => {
          const stop = on(...args)
          count.listeners += 1
          return () => {
            count.listeners -= 1
            stop()
          }
        }
      })
      await behaviour('22 a changed component keeps the session', async () => {
        const file = join(copy.example, component)
        writeFileSync(file, readFileSync(file, 'utf8').replace('Sign out', 'Leave'))
        await expect(page.getByRole('button', { name: 'Leave' })).toBeVisible({ timeout: 20_000 })
        await seesUser()
        // A reload of the page would have removed the counter.
        expect(
          await page.evaluate(() => (window as unknown as { listeners: number }).listeners),
        ).toBeLessThanOrEqual(0)
        expect(await requests()).toEqual([])
      })
      const file = clientOf(copy)
      // The page loads again, because no module accepts another client.
      await Promise.all([
        page.waitForEvent('load', { timeout: 20_000 }),
        writeFileSync(
          file,
          `${readFileSync(file, 'utf8')}\nObject.assign(globalThis, { isChanged: true })\n`,
        ),
      ])
      await seesUser()
      expect(await requests()).toEqual([])
      await page.getByRole('button', { name: 'Leave' }).click()
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await seesUser()
      expect(await idp.control.stats()).toMatchObject({ counts: { authorization: 1, token: 1 } })
    },
  )
}
