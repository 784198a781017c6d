import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, story } from '../../world.ts'

const dist = (name: string) =>
  fileURLToPath(new URL(`../../../packages/browser/dist/${name}`, import.meta.url))

for (const entry of [
  'index.js',
  'inline-worker.js',
  'callback.js',
  'token-worker.js',
  'testing/index.js',
  'testing/playwright.js',
  'carnet.min.js',
  'carnet.esm.min.js',
  'carnet.worker.min.js',
])
  story(`The import of ${entry} on a server has no effect`, () => {
    const code = `
      const before = Reflect.ownKeys(globalThis)
      await import(${JSON.stringify(pathToFileURL(dist(entry)).href)})
      const added = Reflect.ownKeys(globalThis).filter((name) => !before.includes(name))
      console.log(JSON.stringify(added))`
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '--eval', code],
      { encoding: 'utf8', timeout: 15_000 },
    )
    expect({ status, stdout: stdout.trim(), stderr }).toEqual({
      status: 0,
      stdout: '[]',
      stderr: '',
    })
  })

const inWorker = {
  'a dedicated worker': (url: string) => new Worker(url, { type: 'module' }),
  'a shared worker': (url: string) => new SharedWorker(url, { type: 'module' }).port,
  'a service worker': async (url: string) => {
    const { installing } = await navigator.serviceWorker.register(url, { type: 'module' })
    return installing
  },
}
for (const [where, start] of Object.entries(inWorker))
  story(`In ${where}, the client rejects with an \`AuthError\``, async ({ app }) => {
    const told = await app.page.evaluate(
      async ([source, url]) => {
        const make = new Function(`return (${source})`)() as (url: string) => Promise<Worker>
        const worker = await make(url)
        return new Promise((resolve) => {
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = ({ data }) => resolve(data)
          worker.onmessage = ({ data }) => resolve(data)
          worker.postMessage('create', [port2])
        })
      },
      [String(start), `${app.world.bareUrl}no-bundler/in-a-worker.js`] as const,
    )
    expect(told).toMatchObject({ isOurs: true, code: 'unsupported_environment' })
  })

const script = () =>
  readFileSync(dist('carnet.min.js'), 'utf8').replaceAll('</script', '<\\/script')
/** A page that creates a client, and shows the outcome. */
const pageText = () => `<!doctype html><title>?</title><body><script>${script()}</script><script>
  addEventListener('unhandledrejection', ({ reason }) => document.body.append('unhandled: ' + reason))
  addEventListener('error', ({ message }) => document.body.append('thrown: ' + message))
  Carnet.createAuthClient({ clientId: 'spa', authority: 'https://idp.example' }).then(
    () => document.body.append('a client'),
    (error) => document.body.append(Carnet.isAuthError(error) ? error.code : String(error)))
</script>`

story('A page from a `file:` address gets `insecure_context`', async ({ page }, info) => {
  const path = info.outputPath('page.html')
  writeFileSync(path, pageText())
  for (const more of [
    '',
    '#code=x&state=carnet-12345678-r.forged',
    '?code=x&state=carnet-12345678-r.forged',
  ]) {
    await page.goto(`${pathToFileURL(path).href}${more}`)
    await expect(page.locator('body')).toHaveText('insecure_context')
  }
})

const opaque = {
  'a sandboxed frame': (frame: HTMLIFrameElement, html: string) => {
    frame.setAttribute('sandbox', 'allow-scripts')
    frame.srcdoc = html
  },
  'a sandboxed frame with an address': (frame: HTMLIFrameElement) => {
    frame.setAttribute('sandbox', 'allow-scripts')
    frame.src = '/sandboxed#code=x&state=carnet-12345678-r.forged'
  },
  'a frame without an address': (frame: HTMLIFrameElement, html: string) => {
    frame.srcdoc = html
  },
  'a data: frame': (frame: HTMLIFrameElement, html: string) => {
    frame.src = `data:text/html,${encodeURIComponent(html)}`
  },
  'a blob: frame': (frame: HTMLIFrameElement, html: string) => {
    frame.src = URL.createObjectURL(new Blob([html], { type: 'text/html' }))
  },
}
for (const [where, fill] of Object.entries(opaque))
  story(`In ${where}, the client rejects with an \`AuthError\``, async ({ app }) => {
    const { page } = app
    await page.route('**/sandboxed', (route) =>
      route.fulfill({ contentType: 'text/html', body: pageText() }),
    )
    await page.evaluate(
      ([source, html]) => {
        const frame = document.createElement('iframe')
        document.body.append(frame)
        new Function(`return (${source})`)()(frame, html)
      },
      [String(fill), pageText()] as const,
    )
    const body = page.frameLocator('iframe').locator('body')
    await expect(body).toHaveText('insecure_context')
  })

story('A popup at `about:blank` gets `insecure_context`', async ({ app }) => {
  const opening = app.page.waitForEvent('popup')
  await app.page.evaluate((html) => {
    const opened = window.open('about:blank')
    if (!opened) return
    for (const { textContent } of new DOMParser().parseFromString(html, 'text/html').scripts) {
      const script = opened.document.createElement('script')
      script.textContent = textContent
      opened.document.head.append(script)
    }
  }, pageText())
  await expect((await opening).locator('body')).toHaveText('insecure_context')
})
