/** The library of the build for `page.evaluate`: the real `@azure/msal-browser`, or Carnet under its name. */
import * as msal from '@azure/msal-browser'
import { seenError, seenEvent, seenResult } from './seen.ts'

const events: object[] = []
let app: msal.IPublicClientApplication | undefined
let configured: msal.Configuration | undefined

/** Makes a call, and returns what an app sees of it. */
async function observe(make: () => unknown): Promise<object> {
  try {
    return { result: seenResult(await make()) }
  } catch (error) {
    return { error: seenError(error, msal) }
  }
}

const call = (name: string, ...given: readonly unknown[]) =>
  observe(() => {
    const method = Reflect.get(app ?? {}, name) as (...values: unknown[]) => unknown
    return method.call(app, ...given)
  })

const lab = {
  msal,
  call,
  events: () => events.splice(0),
  /** The events so far, which stay. */
  heard: () => [...events],
  create(configuration: msal.Configuration): void {
    configured = configuration
    app = new msal.PublicClientApplication(configuration)
    app.addEventCallback((message) => events.push(seenEvent(message, msal)))
  },
  /** A call of a method with the first account. */
  withAccount: (name: string, request: object) =>
    call(name, { ...request, account: app?.getAllAccounts()[0] }),
  /** Empties the cache, and puts in a result that the cache had. */
  hydrate: (request: msal.SilentRequest) =>
    observe(async () => {
      const [account] = app?.getAllAccounts() ?? []
      const asked = { ...request, ...(account && { account }) }
      const result = await lab.app().acquireTokenSilent(asked)
      await lab.app().clearCache()
      const cleared = lab.app().getAllAccounts().length
      await lab.app().hydrateCache(result, asked)
      return [cleared, ...lab.app().getAllAccounts()]
    }),
  /** Empties the cache, and puts in tokens that a server has sent. */
  loadTokens: (scope: string) =>
    observe(async () => {
      const [account] = lab.app().getAllAccounts()
      await lab.app().clearCache()
      const request = { scopes: scope.split(' '), ...(account && { account }) }
      const idToken = account?.idToken ?? ''
      const response = { id_token: idToken, access_token: 'of a server', scope, expires_in: 3600 }
      return msal.loadExternalTokens(configured as msal.Configuration, request, response, {})
    }),
  app: () => app as msal.IPublicClientApplication,
}

declare global {
  interface Window {
    lab: typeof lab
  }
}
window.lab = lab
