import type { CallOptions, UserChallenge } from '@carnet/browser'
import type { App, AppOptions, SeenError } from '../app.ts'
import type { World } from '../world.ts'

/** The `init` of a call that can be passed to a page as JSON. */
export type CallInit = Omit<RequestInit, 'body' | 'signal' | 'headers' | 'window'> & {
  body?: string
  headers?: Record<string, string>
  carnet?: Omit<CallOptions, 'account'>
}

export interface Called {
  readonly status?: number
  readonly body?: Record<string, unknown>
  readonly error?: SeenError
}

/** The map of an app that calls the APIs of the provider. */
export const resourcesOf = ({ idp }: Pick<World, 'idp'>): AppOptions => ({
  renewal: { enabled: false },
  resources: {
    [`${idp.issuer}/api/`]: { scopes: ['calendar.read'] },
    [`${idp.issuer}/api/public/`]: null,
  },
})

/** Calls an API by `auth.fetch` in the page. */
export function callsApi(app: App, path: string, init: CallInit = {}): Promise<Called> {
  return app.page.evaluate(
    async ([url, given]) => {
      try {
        const response = await window.auth.fetch(url, given)
        const text = await response.text()
        return { status: response.status, body: text === '' ? {} : JSON.parse(text) }
      } catch (error) {
        return { error: window.seen(error) }
      }
    },
    [new URL(path, `${app.idp.issuer}/`).href, init] as const,
  )
}

/** Signs Alice in with the scope of the APIs. */
export async function aliceWithApis(app: App, options: AppOptions = {}): Promise<void> {
  const all = { ...resourcesOf(app), ...options }
  await app.isSignedIn({ scopes: ['calendar.read'] }, 'Alice Adams', all)
  await app.idp.control.resetStats()
}

declare global {
  interface Window {
    /** The challenges that `onChallenge` got, if the story keeps them. */
    asked: UserChallenge[]
  }
}

/**
 * Starts a client with `onChallenge`, which keeps the challenges in the page.
 *
 * @param opensPopup True if the app opens a popup at once.
 */
export const keepsChallenges = (app: App, opensPopup = false): Promise<void> =>
  app.page.evaluate(
    async ([issuer, isPopup]) => {
      window.auth?.close()
      window.asked = []
      window.auth = await window.carnet.createAuthClient({
        clientId: 'spa',
        authority: window.authority,
        renewal: { enabled: false },
        silent: { iframe: !isPopup },
        resources: { [`${issuer}/api/`]: ['calendar.read'] },
        onChallenge(challenge) {
          window.asked.push(challenge)
          if (isPopup) void challenge.resolve('popup')
        },
      })
    },
    [app.idp.issuer, opensPopup] as const,
  )
