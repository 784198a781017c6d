import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { comes } from './driver.ts'
import { start } from './process.ts'
import type { Command, Connection } from './web-driver.ts'

/** The names of the WebDriver commands in Marionette, the protocol that geckodriver uses too. */
const names: Record<Command, string> = {
  click: 'WebDriver:ElementClick',
  clear: 'WebDriver:ElementClear',
  closeWindow: 'WebDriver:CloseWindow',
  executeAsync: 'WebDriver:ExecuteAsyncScript',
  find: 'WebDriver:FindElement',
  navigate: 'WebDriver:Navigate',
  newWindow: 'WebDriver:NewWindow',
  refresh: 'WebDriver:Refresh',
  setTimeouts: 'WebDriver:SetTimeouts',
  switchToWindow: 'WebDriver:SwitchToWindow',
  type: 'WebDriver:ElementSendKeys',
  url: 'WebDriver:GetCurrentURL',
  windows: 'WebDriver:GetWindowHandles',
}

const preferences = {
  'marionette.port': 0,
  // Marionette allows popups without a click; this setting restores the default of users.
  'dom.disable_open_during_load': true,
}

/** Starts a Firefox of the system, with an empty profile. */
export async function startFirefox(program: string): Promise<Connection> {
  const profile = await mkdtemp(join(tmpdir(), 'carnet-firefox-'))
  const lines = Object.entries(preferences).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  )
  await writeFile(join(profile, 'user.js'), lines.join(''))
  const args = ['--marionette', '--headless', '--no-remote', '--profile', profile]
  // Firefox under root refuses a home directory of another user.
  const firefox = start(program, args, { env: { ...process.env, HOME: profile } })
  const remove = () => rm(profile, { recursive: true, force: true, maxRetries: 5 })
  try {
    const port = await comes('The port of Firefox', () =>
      readFile(join(profile, 'MarionetteActivePort'), 'utf8'),
    )
    const send = createMarionette(await connected(Number(port)))
    const capabilities = { alwaysMatch: { acceptInsecureCerts: true } }
    const session = (await send('WebDriver:NewSession', { capabilities })) as {
      capabilities: { browserVersion: string }
    }
    return {
      version: `Firefox ${session.capabilities.browserVersion}, by Marionette`,
      opens: 'tab',
      send: (command, parameters) => send(names[command], parameters),
      async close() {
        await firefox.stop()
        await remove()
      },
    }
  } catch (error) {
    await firefox.stop()
    await remove()
    throw error
  }
}

async function connected(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return socket
}

/** The Marionette protocol, version 3: the length in bytes, then the JSON `[0, id, name, parameters]`. */
function createMarionette(socket: Socket) {
  const waiting = new Map<number, (error: unknown, value: unknown) => void>()
  let received = Buffer.alloc(0)
  let lastId = 0

  socket.on('data', (bytes) => {
    received = Buffer.concat([received, bytes])
    for (let message = takeMessage(); message !== undefined; message = takeMessage()) hear(message)
  })
  socket.on('error', end)
  socket.on('close', end)

  function takeMessage(): string | undefined {
    const colon = received.indexOf(':')
    const endOfMessage = colon + 1 + Number(received.toString('latin1', 0, Math.max(colon, 0)))
    if (colon < 0 || received.length < endOfMessage) return undefined
    const message = received.toString('utf8', colon + 1, endOfMessage)
    received = received.subarray(endOfMessage)
    return message
  }

  function hear(message: string): void {
    const answer: unknown = JSON.parse(message)
    // The first message is a greeting.
    if (!Array.isArray(answer)) return
    const [, id, error, value] = answer
    waiting.get(id)?.(error, value)
    waiting.delete(id)
  }

  function end(): void {
    for (const answer of waiting.values()) answer({ message: 'Firefox has ended.' }, undefined)
    waiting.clear()
  }

  return (name: string, parameters: object = {}): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = ++lastId
      waiting.set(id, (error, value) => {
        if (error) reject(new Error(`${name}: ${(error as { message: string }).message}`))
        else resolve(isWrapped(value) ? value.value : value)
      })
      const text = JSON.stringify([0, id, name, parameters])
      socket.write(`${Buffer.byteLength(text)}:${text}`)
    })
}

/** Some responses are `{ value }`, others are the value itself. */
const isWrapped = (answer: unknown): answer is { value: unknown } =>
  answer instanceof Object && 'value' in answer
