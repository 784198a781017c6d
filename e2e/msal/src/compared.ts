/** The library of the build for `page.evaluate`: the real `@azure/msal-browser`, or Carnet under its name. */
import * as msal from '@azure/msal-browser'
import { seenError, seenEvent, seenResult } from './seen.ts'

const events: object[] = []
let app: msal.IPublicClientApplication | undefined

/** Makes a call, and returns what an app sees of it. */
async function call(name: string, ...given: readonly unknown[]): Promise<object> {
  const method = Reflect.get(app ?? {}, name) as (...values: unknown[]) => unknown
  try {
    return { result: seenResult(await method.call(app, ...given)) }
  } catch (error) {
    return { error: seenError(error, msal) }
  }
}

const lab = {
  msal,
  call,
  events: () => events.splice(0),
  create(configuration: msal.Configuration): void {
    app = new msal.PublicClientApplication(configuration)
    app.addEventCallback((message) => events.push(seenEvent(message, msal)))
  },
  /** A call of a method with the first account. */
  withAccount: (name: string, request: object) =>
    call(name, { ...request, account: app?.getAllAccounts()[0] }),
  app: () => app as msal.IPublicClientApplication,
}

declare global {
  interface Window {
    lab: typeof lab
  }
}
window.lab = lab
