import type { AuthenticationResult } from '@carnet/browser'
import type { AppOptions, Outcome } from '../steps/app.ts'
import { comes, type Engine, type Tab } from './drivers/driver.ts'

declare global {
  interface Window {
    /** The outcome of the last call, once it has settled. */
    outcome: Outcome<unknown> | undefined
  }
}

export interface Started {
  readonly username: string | undefined
  readonly url: string
  readonly accounts: readonly string[]
}

type Verb = 'signIn' | 'acquireTokenPopup' | 'signOut' | 'ssoSilent'

/** The bare page in a tab of any engine, with the actions of its user and its developer. */
export function createAppIn(engine: Engine, tab: Tab, defaults: AppOptions = {}) {
  const starts = (options: AppOptions = {}) => startClient(tab, { ...defaults, ...options })
  const presses = (verb: Verb, request: object = {}) => pressButton(tab, verb, request)
  const asksManyTimes = (scopes: readonly string[], count: number) =>
    startSilentCalls(tab, scopes, count)

  /** Waits for the outcome of the last call. */
  const outcome = <T = AuthenticationResult>(): Promise<Outcome<T>> =>
    comes('The outcome', () => tab.evaluate(() => window.outcome)) as Promise<Outcome<T>>

  return {
    tab,
    starts,
    presses,
    asksManyTimes,
    outcome,

    /** Creates the client without waiting for it, because the page will end first. */
    beginsToStart: (options: AppOptions = {}): Promise<void> =>
      tab.evaluate(
        (given) => {
          void window.carnet.createAuthClient({
            ...{ clientId: 'spa', authority: window.authority, tokens: given.tokens },
            ...{ silent: given.silent, renewal: given.renewal },
            tokenServiceWorker:
              given.serviceWorker === undefined
                ? undefined
                : () => navigator.serviceWorker.register(given.serviceWorker ?? ''),
          })
        },
        { ...defaults, ...options },
      ),

    async asks(scopes: readonly string[]): Promise<Outcome<AuthenticationResult>> {
      await asksManyTimes(scopes, 1)
      const { answer, error } = await outcome<AuthenticationResult[]>()
      return error ? { error } : { answer: answer?.[0] as AuthenticationResult }
    },

    /** Presses a button that opens a popup, and returns the popup. */
    opensPopupBy: (verb: Verb, request: object = {}): Promise<Tab> =>
      engine.windowOpenedBy(() => presses(verb, request)),

    /** Waits as long as a fast user would. */
    waitsAtHumanPace: (): Promise<void> =>
      tab.evaluate(async () => {
        for (let turn = 0; turn < 20; turn++) await new Promise((next) => setTimeout(next, 10))
      }),

    /** Moves the clock of the running app forward. */
    jumps: (ms: number): Promise<void> =>
      tab.evaluate((more) => {
        window.aheadMs = (window.aheadMs ?? 0) + more
      }, ms),

    /** The account with this name, for a request. */
    accountOf: (name: string) =>
      tab.evaluate((wanted) => window.auth.accounts.find((one) => one.name === wanted), name),

    /** The number of refresh tokens in IndexedDB. */
    storedRefreshTokens: (): Promise<number> => tab.evaluate(countStored, 'refreshTokens'),

    /** The names of the accounts of the page. */
    accounts: (): Promise<string[]> =>
      tab.evaluate(() => window.auth.accounts.map(({ name = '' }) => name)),
  }
}

export type AppInTab = ReturnType<typeof createAppIn>

/** Waits for the page, creates the client, and returns the visible state. */
async function startClient(tab: Tab, options: AppOptions): Promise<Started> {
  await comes(
    'The app',
    async () =>
      (await tab.evaluate(() => 'carnet' in window && window.auth === undefined)) || undefined,
  )
  return tab.evaluate(async ({ clockAheadMs = 0, logsToConsole: _, serviceWorker, ...given }) => {
    window.aheadMs = clockAheadMs
    window.auth = await window.carnet.createAuthClient({
      clientId: 'spa',
      authority: window.authority,
      clock: { now: () => Date.now() + (window.aheadMs ?? 0) },
      ...(serviceWorker !== undefined && {
        tokenServiceWorker: () => navigator.serviceWorker.register(serviceWorker),
      }),
      ...given,
    })
    if (window.auth.redirectError) throw window.auth.redirectError
    return {
      username: window.auth.activeAccount?.username,
      url: location.href,
      accounts: window.auth.accounts.map(({ name = '' }) => name),
    }
  }, options)
}

/** Adds a button that calls a method, and clicks it. */
async function pressButton(tab: Tab, verb: Verb, request: object): Promise<void> {
  await tab.evaluate(
    ([name, asked]) => {
      window.outcome = undefined
      const button = document.createElement('button')
      button.textContent = `Press to ${name}`
      button.onclick = () => {
        button.remove()
        Promise.resolve(window.auth[name](asked as never)).then(
          (answer) => {
            window.outcome = { answer }
          },
          (error) => {
            window.outcome = { error: window.seen(error) }
          },
        )
      }
      document.body.append(button)
    },
    [verb, request] as [Verb, object],
  )
  await tab.click(`Press to ${verb}`)
}

/** Starts `count` concurrent calls without waiting for them. */
function startSilentCalls(tab: Tab, scopes: readonly string[], count: number): Promise<void> {
  return tab.evaluate(
    ([asked, times]) => {
      window.outcome = undefined
      const asks = Array.from({ length: times }, () =>
        window.auth.acquireTokenSilent({ scopes: asked }),
      )
      Promise.all(asks).then(
        (answer) => {
          window.outcome = { answer }
        },
        (error) => {
          window.outcome = { error: window.seen(error) }
        },
      )
    },
    [scopes, count] as [string[], number],
  )
}

/** Counts the records of all tables with this name. */
async function countStored(table: string): Promise<number> {
  let count = 0
  for (const { name = '' } of await indexedDB.databases()) {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open(name)
      opening.onsuccess = () => resolve(opening.result)
      opening.onerror = () => reject(opening.error)
    })
    if (database.objectStoreNames.contains(table))
      count += await new Promise<number>((resolve, reject) => {
        const counting = database.transaction(table).objectStore(table).count()
        counting.onsuccess = () => resolve(counting.result)
        counting.onerror = () => reject(counting.error)
      })
    database.close()
  }
  return count
}
