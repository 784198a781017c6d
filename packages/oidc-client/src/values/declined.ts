import type * as Original from 'oidc-client-ts'
import { Logger } from './log.ts'

type Settings = Partial<Original.UserManagerSettings>

/** The error for a part of `oidc-client-ts` that the package declines. */
export const declined = (name: string, reason: string): Error =>
  new Error(`\`${name}\` is not supported by @carnet/oidc-client: ${reason}`)

const NO_SECRET = 'a page cannot keep a secret.'
const NO_SESSION_IFRAME = 'browsers without third-party cookies do not support it.'

/**
 * Refuses settings that change the protocol in a way that Carnet declines, and warns of settings without an effect.
 *
 * @throws Error with the name of the setting.
 */
export function checkSettings({
  client_secret,
  response_type = 'code',
  disablePKCE,
  dpop,
  resource,
  monitorSession,
}: Settings): void {
  if (client_secret !== undefined) throw declined('client_secret', NO_SECRET)
  if (response_type !== 'code') throw declined('response_type', 'only `code` is safe.')
  if (disablePKCE) throw declined('disablePKCE', 'a code without PKCE can be stolen.')
  if (dpop) throw declined('dpop', 'use `@carnet/browser` with its option `dpop`.')
  if (Array.isArray(resource) && resource.length > 1)
    throw declined('resource', 'a request has one resource.')
  if (monitorSession)
    Logger.warn('UserManager', `\`monitorSession\` has no effect: ${NO_SESSION_IFRAME}`)
}

class NoSessionMonitor {
  constructor() {
    Logger.warn('SessionMonitor', NO_SESSION_IFRAME)
  }
}

class NoCheckSessionIFrame {
  start(): void {
    Logger.warn('CheckSessionIFrame', NO_SESSION_IFRAME)
  }
  stop(): void {}
  async load(): Promise<void> {}
}

/** Keys of DPoP proofs. Carnet has its own keys, so that the store is always empty. */
class NoDPoPStore {
  readonly #refuse = (): never => {
    throw declined('dpop', 'use `@carnet/browser` with its option `dpop`.')
  }
  set = async () => this.#refuse()
  get = async () => this.#refuse()
  remove = async () => this.#refuse()
  getAllKeys = async (): Promise<string[]> => []
}

class KeysOfProofs {
  readonly keys: CryptoKeyPair
  nonce: string | undefined
  constructor(keys: CryptoKeyPair, nonce?: string) {
    this.keys = keys
    this.nonce = nonce
  }
}

export const SessionMonitor = NoSessionMonitor as unknown as typeof Original.SessionMonitor
export type SessionMonitor = Original.SessionMonitor
export const CheckSessionIFrame =
  NoCheckSessionIFrame as unknown as typeof Original.CheckSessionIFrame
export type CheckSessionIFrame = Original.CheckSessionIFrame
export const IndexedDbDPoPStore = NoDPoPStore as unknown as typeof Original.IndexedDbDPoPStore
export type IndexedDbDPoPStore = Original.IndexedDbDPoPStore
export const DPoPState = KeysOfProofs as unknown as typeof Original.DPoPState
export type DPoPState = Original.DPoPState
