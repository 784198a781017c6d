import { freePort } from '../../../scripts/free-port.mjs'
import { comes, PATIENCE_MS } from './driver.ts'
import { type Running, start } from './process.ts'
import type { Command, Connection } from './web-driver.ts'

/** The HTTP endpoints of the commands below `/session/{id}` (W3C WebDriver, section 6.4 "Endpoints"). */
const endpoints: Record<Command, readonly [method: string, path: string]> = {
  click: ['POST', '/element/{id}/click'],
  clear: ['POST', '/element/{id}/clear'],
  closeWindow: ['DELETE', '/window'],
  executeAsync: ['POST', '/execute/async'],
  find: ['POST', '/element'],
  navigate: ['POST', '/url'],
  newWindow: ['POST', '/window/new'],
  refresh: ['POST', '/refresh'],
  setTimeouts: ['POST', '/timeouts'],
  switchToWindow: ['POST', '/window'],
  type: ['POST', '/element/{id}/value'],
  url: ['GET', '/url'],
  windows: ['GET', '/window/handles'],
}

/** The programs of Debian's package `webkit2gtk-driver`. `screen` is the path of `Xvfb`, if it is installed. */
export interface WebKitPrograms {
  readonly driver: string
  readonly browser: string
  readonly screen: string | undefined
}

/** Starts the WebKit of the system, with an empty profile, on a virtual screen. */
export async function startWebKit({
  driver,
  browser,
  screen,
}: WebKitPrograms): Promise<Connection> {
  const running: Running[] = []
  const stop = async () => {
    for (const program of running.toReversed()) await program.stop()
  }
  try {
    const display = screen === undefined ? process.env.DISPLAY : await startScreen(screen, running)
    const port = await freePort()
    running.push(start(driver, [`--port=${port}`], { env: { ...process.env, DISPLAY: display } }))
    const call = createCall(`http://127.0.0.1:${port}`)
    await comes('WebKitWebDriver', () => call('GET', '/status'))
    const options = { binary: browser, args: ['--automation'] }
    const session = (await call('POST', '/session', {
      capabilities: {
        alwaysMatch: {
          browserName: 'MiniBrowser',
          acceptInsecureCerts: true,
          'webkitgtk:browserOptions': options,
        },
      },
    })) as { sessionId: string; capabilities: { browserVersion: string } }

    const path = `/session/${session.sessionId}`
    return {
      version: `WebKitGTK ${session.capabilities.browserVersion}, by WebDriver`,
      opens: 'window',
      send(command, { id, ...parameters } = {}) {
        const [method, end] = endpoints[command]
        const body = method === 'POST' ? parameters : undefined
        return call(method, path + end.replace('{id}', String(id)), body)
      },
      async close() {
        await call('DELETE', path).catch(() => undefined)
        await stop()
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Starts a virtual screen. Returns its name for `DISPLAY`. */
async function startScreen(program: string, running: Running[]): Promise<string> {
  const args = ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp']
  const screen = start(program, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  running.push(screen)
  let text = ''
  screen.process.stdio[3]?.on('data', (bytes) => {
    text += bytes
  })
  return comes('A screen', async () => (text.endsWith('\n') ? `:${text.trim()}` : undefined))
}

/** The timeout of a command, longer than any valid command takes. A hanging browser then fails its story. */
const COMMAND_MS = PATIENCE_MS + 15_000

const createCall =
  (address: string) =>
  async (method: string, path: string, body?: object): Promise<unknown> => {
    const signal = AbortSignal.timeout(COMMAND_MS)
    const text = body === undefined ? null : JSON.stringify(body)
    const response = await fetch(address + path, { method, body: text, signal })
    const { value } = (await response.json()) as { value: unknown }
    if (response.ok) return value
    const { error, message } = value as { error: string; message: string }
    throw new Error(`${method} ${path}: ${error}. ${message}`)
  }
