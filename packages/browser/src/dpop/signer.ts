import type { ProofAlgorithm } from '@carnet/core/dpop'
import type { Http, ProviderMetadata } from '@carnet/core/network'
import type { RequestToProve } from '../worker/messages.ts'

/** Holds the keys of a client, in the page or in the worker. */
export interface Signer {
  /** True if the keys end with the worker: then a key may not survive a redirect to the provider. */
  readonly endsWithWorker: boolean
  /**
   * Creates a key, and returns its thumbprint.
   *
   * @param label The worker returns the same key for the same label.
   */
  create(alg: ProofAlgorithm, metadata: ProviderMetadata, label?: string): Promise<string>
  /** @throws AuthError `storage_unavailable` or `worker_unresponsive` if nobody knows: the key may still exist. */
  has(jkt: string): Promise<boolean>
  /** Returns an `Http` for token requests that proves the key; `undefined` if the key is gone. */
  httpFor(jkt: string): Promise<Http | undefined>
  /**
   * Signs a proof for an API; `undefined` if the key is gone.
   *
   * @param clockOffsetMs How far the provider's clock is ahead, if nothing is known about the clock of the API.
   * @throws AuthError `dpop_refused` if the worker proves no request to this URL.
   */
  sign(
    jkt: string,
    request: RequestToProve,
    clockOffsetMs: number | undefined,
  ): Promise<string | undefined>
  /** Corrects the clock of an API. Returns true if another proof may be accepted. */
  correctClock(url: string, headers: Headers): Promise<boolean>
  /** Notes how far the clock of the provider is ahead. */
  noteOffset(url: string, clockOffsetMs: number): void
  forget(jkts: readonly string[]): Promise<void>
  /** The thumbprints of all keys that were created before `beforeMs`, if keys survive their page. */
  olderThan(beforeMs: number): Promise<string[]>
}
