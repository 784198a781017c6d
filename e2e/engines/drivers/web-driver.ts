import { buttonPath, comes, type Engine, fieldPath, PATIENCE_MS, type Tab } from './driver.ts'

/** The W3C WebDriver commands of the driver. Each connection translates them. */
export type Command =
  | 'click'
  | 'clear'
  | 'closeWindow'
  | 'executeAsync'
  | 'find'
  | 'navigate'
  | 'newWindow'
  | 'refresh'
  | 'setTimeouts'
  | 'switchToWindow'
  | 'type'
  | 'url'
  | 'windows'

/** A WebDriver session. It runs one command at a time. */
export interface Connection {
  readonly version: string
  /** The type of new pages. A browser that clicks only in visible pages needs a window for each page. */
  readonly opens: 'tab' | 'window'
  /** @throws The error response of the browser. */
  send(command: Command, parameters?: Record<string, unknown>): Promise<unknown>
  /** Ends the session, the browser and its processes. */
  close(): Promise<void>
}

/** The key of an element in WebDriver's JSON: W3C WebDriver, section 12.2 "Elements". */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf'

/** Drives a browser that speaks WebDriver. */
export async function driveByWebDriver(
  name: Engine['name'],
  connection: Connection,
): Promise<Engine> {
  const { send } = connection
  await send('setTimeouts', { script: PATIENCE_MS, pageLoad: PATIENCE_MS, implicit: 0 })
  const inTurn = createTurns()
  const windows = async () => (await send('windows')) as string[]

  /** A command affects the current window, so the switch and the command must run together. */
  const tabOf = (handle: string): Tab =>
    createTab(handle, {
      inTurn,
      windows,
      inWindow: (work) =>
        inTurn(async () => {
          await send('switchToWindow', { handle })
          return work(send)
        }),
    })

  return {
    name,
    version: connection.version,
    async openTab(url) {
      const opened = await inTurn(() => send('newWindow', { type: connection.opens }))
      const tab = tabOf((opened as { handle: string }).handle)
      await tab.goTo(url)
      return tab
    },
    async windowOpenedBy(action) {
      const before = new Set(await inTurn(windows))
      await action()
      return comes('A window', async () => {
        const opened = (await inTurn(windows)).find((handle) => !before.has(handle))
        return opened === undefined ? undefined : tabOf(opened)
      })
    },
    close: () => inTurn(connection.close),
  }
}

interface Reach {
  inTurn<T>(work: () => Promise<T>): Promise<T>
  windows(): Promise<string[]>
  inWindow<T>(work: (send: Connection['send']) => Promise<T>): Promise<T>
}

function createTab(handle: string, { inTurn, inWindow, windows }: Reach): Tab {
  const isClosed = async () => !(await inTurn(windows)).includes(handle)

  const onElement = (
    path: string,
    work: (send: Connection['send'], id: string) => Promise<unknown>,
  ) =>
    comes(`The element ${path}`, async () => {
      try {
        return await inWindow(async (send) => {
          const found = await send('find', { using: 'xpath', value: path })
          await work(send, (found as Record<string, string>)[ELEMENT] ?? '')
          return true
        })
      } catch (error) {
        // A click may close its own window before the response arrives.
        if (await isClosed()) return true
        throw error
      }
    })

  return {
    async goTo(url) {
      await inWindow((send) => send('navigate', { url }))
    },
    async reload() {
      await inWindow((send) => send('refresh'))
    },
    url: () => inWindow(async (send) => String(await send('url'))),
    evaluate: <Result>(run: (argument: never) => unknown, argument?: unknown) =>
      inWindow(async (send) => {
        const args = argument === undefined ? [] : [argument]
        const text = await send('executeAsync', { script: scriptOf(run), args })
        const { value, error } = JSON.parse(String(text)) as { value?: Result; error?: string }
        if (error !== undefined) throw new Error(error)
        return value as Result
      }),
    async click(button) {
      await onElement(buttonPath(button), (send, id) => send('click', { id }))
    },
    async fill(field, text) {
      await onElement(fieldPath(field), async (send, id) => {
        await send('clear', { id })
        await send('type', { id, text })
      })
    },
    async close() {
      await inWindow((send) => send('closeWindow'))
    },
    isClosed,
  }
}

/** The script returns JSON, because WebDriver would turn `undefined` into `null`. */
const scriptOf = (run: (argument: never) => unknown): string => `
  const done = arguments[arguments.length - 1]
  const argument = arguments.length > 1 ? arguments[0] : undefined
  Promise.resolve(argument).then(${run}).then(
    (value) => done(JSON.stringify({ value })),
    (error) => done(JSON.stringify({ error: String(error) + ' ' + (error?.stack ?? '') })),
  )`

/** Runs tasks one after another. */
function createTurns() {
  let last: Promise<unknown> = Promise.resolve()
  return function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    return turn
  }
}
