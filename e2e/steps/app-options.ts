import type { AuthClientOptions } from '@carnet/browser'

/** The outcome of a call: a result, or the public fields of an error. */
export type Outcome<T> =
  | { readonly answer: T; readonly error?: undefined }
  | { readonly answer?: undefined; readonly error: SeenError }

/** The outcome of the start of a client: the name of the active account, or the error of the redirect. */
export type Started = Outcome<{ username: string | undefined }>

export interface SeenError {
  readonly name: string
  readonly code: string
  readonly message: string
  readonly hint: string
  readonly reason?: string
  readonly correlationId?: string
  readonly oauth?: { error: string; description?: string }
}

/** The options that can be passed to the page as JSON. Extra fields replace functions. */
export type AppOptions = Partial<
  Pick<
    AuthClientOptions,
    | 'clientId'
    | 'authority'
    | 'authorityProfile'
    | 'clientCapabilities'
    | 'scopes'
    | 'defaultScopes'
    | 'metadata'
    | 'issuer'
    | 'metadataUrl'
    | 'cache'
    | 'activeAccount'
    | 'silent'
    | 'interaction'
    | 'renewal'
    | 'signOut'
    | 'postLogoutRedirectUri'
    | 'dpop'
    | 'dpopAlgorithm'
    | 'par'
    | 'resources'
    | 'discoverResources'
    | 'response'
  >
> &
  Pick<
    AuthClientOptions,
    'redirectUri' | 'responseMode' | 'requestTimeoutMs' | 'tokens' | 'verifyIdTokenSignature'
  > & {
    /** The milliseconds by which the clock of the app is ahead of the machine. */
    clockAheadMs?: number
    /** The address of the service worker that sends token requests. */
    serviceWorker?: string
    /** The address of the shared worker of another version of the app. */
    workerFile?: string
    logsToConsole?: boolean
  }

/** The methods of a client that stories call. */
export type Verb =
  | 'signIn'
  | 'acquireToken'
  | 'acquireTokenSilent'
  | 'acquireTokenRedirect'
  | 'acquireTokenPopup'
  | 'ssoSilent'
  | 'userInfo'
  | 'signOut'
