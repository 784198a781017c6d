import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startIdentityProvider } from '@carnet/idp'
import { newSealKey } from '@carnet/node'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { createAgent } from '../packages/node/src/testing/web-app.ts'
import { runCalendar } from './calendar-cli.ts'

let idp: Awaited<ReturnType<typeof startIdentityProvider>>
const folder = mkdtempSync(join(tmpdir(), 'carnet-cli-'))
const lines: string[] = []
beforeAll(async () => {
  vi.spyOn(console, 'log').mockImplementation((...parts) => void lines.push(parts.join(' ')))
  idp = await startIdentityProvider({
    settings: { consent: 'skip', signInAs: 'alice' },
    clients: [{ clientId: 'tool', redirectUris: ['http://127.0.0.1/callback'], isNative: true }],
  })
})
afterEach(() => void lines.splice(0))
afterAll(async () => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true, force: true })
  await idp.close()
})

const envOf = () => ({
  CLIENT_ID: 'tool',
  AUTHORITY: idp.issuer,
  SCOPE: 'calendar.read',
  API: `${idp.issuer}/api/calendar/events`,
  FOLDER: join(folder, 'cache'),
  CARNET_KEYS: keys,
})
const keys = newSealKey()

/** Puts a program before the path that opens "the browser": it writes the URL to a file. */
function withBrowser(): { readonly path: string; restore(): void } {
  const file = join(folder, 'opened')
  const program = join(folder, process.platform === 'darwin' ? 'open' : 'xdg-open')
  writeFileSync(
    program,
    `#!/bin/sh\nprintf %s "$1" > "${file}.new" && mv "${file}.new" "${file}"\n`,
  )
  chmodSync(program, 0o755)
  const before = process.env.PATH
  process.env.PATH = `${folder}:${before}`
  return {
    path: file,
    restore() {
      process.env.PATH = before
    },
  }
}

test('the tool opens the browser once, reads the calendar, and signs out', async () => {
  const browser = withBrowser()
  try {
    const running = runCalendar(envOf(), [])
    const url = await vi.waitFor(() => readFileSync(browser.path, 'utf8'), { timeout: 5000 })
    await fetch(await createAgent({ origin: idp.issuer }).authorize(url))
    await running
    expect(lines).toEqual([expect.stringContaining('The calendar of Alice Adams: [')])
    await runCalendar(envOf(), [])
    expect(lines[1]).toBe(lines[0])
    await runCalendar(envOf(), ['--sign-out'])
    expect(lines[2]).toBe('Signed out.')
  } finally {
    browser.restore()
  }
}, 20_000)

test('the tool signs in by a code on another device, at the embedded provider', async () => {
  const running = runCalendar(envOf(), ['--device'])
  const message = await vi.waitFor(() => lines.find((one) => one.includes('code')) ?? fail(), {
    timeout: 5000,
  })
  const [, uri = '', code = ''] = /open (\S+) and enter the code (\S+)\./.exec(message) ?? []
  const agent = createAgent({ origin: idp.issuer })
  const page = await agent.visit(uri)
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(await (page as Response).text())?.[1] ?? ''
  const asked = await agent.visit(uri, {
    method: 'POST',
    body: new URLSearchParams({ xsrf, user_code: code }),
  })
  const question = await (asked as Response).text()
  const again = /name="xsrf" value="([^"]+)"/.exec(question)?.[1] ?? ''
  const done = await agent.press(uri, { xsrf: again, user_code: code, confirm: 'yes' })
  expect(done).toContain('Success')
  await running
  expect(lines.at(-1)).toContain('The calendar of Alice Adams: [')
}, 20_000)

function fail(): never {
  throw new Error('The tool shows no code yet.')
}
