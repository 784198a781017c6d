/** The library for `page.evaluate`, and notes of the events that an app sees. The build decides which library it is. */
import * as oidc from 'oidc-client-ts'

type Settings = Partial<oidc.UserManagerSettings> & {
  storage?: 'local' | 'session' | 'own'
  opensPopups?: boolean
}

declare global {
  interface Window {
    oidc: typeof oidc
    manager: oidc.UserManager
    startManager(settings: Settings): oidc.UserManager
    sees(call: () => unknown): Promise<unknown>
    notes(): unknown[]
  }
}

const NOTES = 'notes'

window.oidc = oidc

/** The notes survive navigations: a sign-in takes two pages. */
window.notes = () => JSON.parse(sessionStorage.getItem(NOTES) ?? '[]')
const note = (...values: unknown[]) =>
  sessionStorage.setItem(NOTES, JSON.stringify([...window.notes(), values]))

/** The public face of a user, without the values that differ between two sign-ins. */
function faceOf(user: oidc.User): object {
  return {
    isUser: user instanceof oidc.User,
    hasToken: user.access_token.length > 0,
    hasIdToken: (user.id_token ?? '').split('.').length === 3,
    tokenType: user.token_type,
    scopes: user.scopes.toSorted(),
    claims: Object.keys(user.profile).toSorted(),
    sub: user.profile.sub,
    email: user.profile.email ?? null,
    expired: user.expired,
    minutesLeft: Math.round((user.expires_in ?? 0) / 60),
    state: user.state ?? null,
    urlState: user.url_state ?? null,
    sessionState: typeof user.session_state,
    stored: Object.keys(JSON.parse(user.toStorageString()))
      .filter((name) => name !== 'refresh_token')
      .toSorted(),
  }
}

function faceOfError(error: unknown): object {
  if (!(error instanceof Error)) return { thrown: String(error) }
  const { name, message } = error
  if (!(error instanceof oidc.ErrorResponse))
    return { name, message, isTimeout: error instanceof oidc.ErrorTimeout }
  const { error: code, error_description: description, state, url_state: urlState } = error
  return { name, message, code, description, state: state ?? null, urlState: urlState ?? null }
}

function face(value: unknown): unknown {
  if (value === undefined || value === null) return value ?? null
  if (value instanceof oidc.User) return faceOf(value)
  if (value instanceof Error) return faceOfError(value)
  if (value instanceof oidc.SignoutResponse) {
    const { state, ...others } = value
    return { ...others, hasState: typeof state === 'string', url_state: value.url_state ?? null }
  }
  return JSON.parse(JSON.stringify(value))
}

window.sees = async (call) => {
  try {
    return { answer: face(await call()) }
  } catch (error) {
    return { error: faceOfError(error) }
  }
}

/** A store of the app's own. */
const ownStore: oidc.StateStore = {
  set: async (key, value) => localStorage.setItem(`own/${key}`, value),
  get: async (key) => localStorage.getItem(`own/${key}`),
  async remove(key) {
    const value = await ownStore.get(key)
    localStorage.removeItem(`own/${key}`)
    return value
  },
  getAllKeys: async () => Object.keys(localStorage).filter((key) => key.startsWith('own/')),
}

/** A navigator of the app's own: it opens a popup, and reads the response from the URL of the popup. */
const ownNavigator: oidc.INavigator = {
  async prepare() {
    const popup = window.open('about:blank', 'own')
    const close = () => popup?.close()
    const response = (): string | undefined => {
      try {
        return popup?.location.search.includes('state=') ? popup.location.href : undefined
      } catch {
        return undefined // The popup is at the provider.
      }
    }
    return {
      close,
      async navigate({ url }) {
        popup?.location.replace(url)
        while (response() === undefined) await new Promise((resolve) => setTimeout(resolve, 50))
        const answer = { url: response() ?? '' }
        close()
        return answer
      },
    }
  },
  callback: async (url) => note('callback', url),
}

window.startManager = ({ storage, opensPopups, ...settings }) => {
  const store = storage === 'local' ? localStorage : sessionStorage
  const authority = document.querySelector<HTMLMetaElement>('meta[name=carnet-authority]')
  window.manager = new oidc.UserManager(
    {
      authority: authority?.content ?? '',
      client_id: 'spa',
      redirect_uri: location.origin + location.pathname,
      post_logout_redirect_uri: location.origin + location.pathname,
      popup_redirect_uri: `${location.origin}/callback.html`,
      popup_post_logout_redirect_uri: `${location.origin}/callback.html`,
      silent_redirect_uri: `${location.origin}/callback.html`,
      userStore: storage === 'own' ? ownStore : new oidc.WebStorageStateStore({ store }),
      ...settings,
    },
    undefined,
    opensPopups ? ownNavigator : undefined,
  )
  const { events } = window.manager
  events.addUserLoaded((user) => note('userLoaded', face(user)))
  events.addUserUnloaded(() => note('userUnloaded'))
  events.addSilentRenewError((error) => note('silentRenewError', face(error)))
  events.addUserSignedIn(() => note('userSignedIn'))
  events.addUserSignedOut(() => note('userSignedOut'))
  events.addUserSessionChanged(() => note('userSessionChanged'))
  events.addAccessTokenExpiring(() => note('accessTokenExpiring'))
  events.addAccessTokenExpired(() => note('accessTokenExpired'))
  return window.manager
}
