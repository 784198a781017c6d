/** The libraries that an app used before Carnet, for `page.evaluate`. Each version loads when a story starts it. */
import type { IPublicClientApplication } from '@azure/msal-browser'
import type { UserManager } from 'oidc-client-ts'

declare global {
  interface Window {
    /** Starts a version of `@azure/msal-browser`, and completes a redirect. */
    startEarlierMsal(version: string, options: EarlierOptions): Promise<void>
    /** Starts a version of `oidc-client-ts`, and completes a redirect. */
    startEarlierOidc(version: string, options: EarlierOptions): Promise<void>
    earlierMsal: IPublicClientApplication
    earlierOidc: UserManager
  }
}

export interface EarlierOptions {
  readonly authority: string
  readonly place: 'localStorage' | 'sessionStorage'
  readonly clientId?: string
}

interface MsalModule {
  readonly PublicClientApplication: new (options: object) => IPublicClientApplication
}

interface OidcModule {
  readonly UserManager: new (options: object) => UserManager
  readonly WebStorageStateStore: new (options: { store: Storage }) => object
}

const MSAL: Readonly<Record<string, () => Promise<unknown>>> = {
  '3.30.0': () => import('msal-browser-3'),
  '4.18.0': () => import('msal-browser-4-18'),
  '4.24.0': () => import('msal-browser-4-24'),
  '4.30.0': () => import('msal-browser-4-30'),
  '5.5.0': () => import('msal-browser-5-5'),
  '5.29.0': () => import('@azure/msal-browser'),
}

const OIDC: Readonly<Record<string, () => Promise<unknown>>> = {
  '2.4.1': () => import('oidc-client-ts-2'),
  '3.5.0': () => import('oidc-client-ts'),
}

function load(versions: typeof MSAL, version: string): Promise<unknown> {
  const start = versions[version]
  if (!start) throw new Error(`There is no version ${version}.`)
  return start()
}

const redirectUri = `${location.origin}/earlier.html`

window.startEarlierMsal = async (version, { authority, place, clientId = 'spa' }) => {
  const { PublicClientApplication } = (await load(MSAL, version)) as MsalModule
  const app = new PublicClientApplication({
    auth: { clientId, authority, knownAuthorities: [new URL(authority).host], redirectUri },
    cache: { cacheLocation: place },
  })
  await app.initialize()
  const response = await app.handleRedirectPromise()
  if (response) app.setActiveAccount(response.account)
  window.earlierMsal = app
}

window.startEarlierOidc = async (version, { authority, place, clientId = 'spa' }) => {
  const { UserManager, WebStorageStateStore } = (await load(OIDC, version)) as OidcModule
  const app = new UserManager({
    authority,
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: 'openid profile offline_access calendar.read',
    userStore: new WebStorageStateStore({ store: window[place] }),
  })
  if (location.search.includes('code=')) {
    await app.signinRedirectCallback()
    history.replaceState(null, '', location.pathname)
  }
  window.earlierOidc = app
}
