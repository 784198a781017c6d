/** Classes of `oidc-client-ts` for parts that the package declines. */
import type * as Original from 'oidc-client-ts'
import { declined } from './declined.ts'
import { Logger } from './log.ts'

class NoSessionMonitor {
  constructor() {
    Logger.warn('SessionMonitor', 'Session monitoring has no effect.')
  }
}

class NoCheckSessionIFrame extends NoSessionMonitor {
  start(): void {}
  stop(): void {}
  async load(): Promise<void> {}
}

const refuse = async () => {
  throw declined('dpop', 'use `@carnet/browser` with its option `dpop`.')
}

/** The keys of DPoP proofs. Carnet has its own keys, so that the store is always empty. */
class NoDPoPStore {
  set = refuse
  get = refuse
  remove = refuse
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
