import type * as Original from 'oidc-client-ts'
import { createEvent } from './event.ts'
import { createTimer } from './timer.ts'

type Listener = Original.AccessTokenCallback

/** The events of the expiry of a token. Their timers run from `load` to `unload`. */
class TokenEvents {
  readonly #expiring = createEvent<unknown[]>()
  readonly #expired = createEvent<unknown[]>()
  readonly #expiringTimer = createTimer(() => void this.#expiring.raise())
  readonly #expiredTimer = createTimer(() => void this.#expired.raise())
  readonly #noticeSeconds: number

  constructor(args: { expiringNotificationTimeInSeconds: number }) {
    this.#noticeSeconds = args.expiringNotificationTimeInSeconds
  }

  async load({ access_token, expires_in }: Original.User): Promise<void> {
    if (!access_token || expires_in === undefined) return this.#stop()
    if (expires_in > 0) this.#expiringTimer.start(expires_in - this.#noticeSeconds)
    else this.#expiringTimer.cancel()
    this.#expiredTimer.start(expires_in + 1)
  }

  async unload(): Promise<void> {
    this.#stop()
  }

  #stop(): void {
    this.#expiringTimer.cancel()
    this.#expiredTimer.cancel()
  }

  addAccessTokenExpiring(listener: Listener): () => void {
    return this.#expiring.add(listener)
  }

  removeAccessTokenExpiring(listener: Listener): void {
    this.#expiring.remove(listener)
  }

  addAccessTokenExpired(listener: Listener): () => void {
    return this.#expired.add(listener)
  }

  removeAccessTokenExpired(listener: Listener): void {
    this.#expired.remove(listener)
  }
}

export const AccessTokenEvents = TokenEvents as unknown as typeof Original.AccessTokenEvents
export type AccessTokenEvents = Original.AccessTokenEvents
