import type { Endpoint } from './endpoints.ts'
import type { Json, JsonObject } from './json.ts'

export type SigningAlgorithm = 'RS256' | 'ES256'

/** Faults that take the place of the endpoint, or get between it and the browser. */
export type TransportFault =
  /** Answers this instead. A body that is no string is sent as JSON. */
  | {
      kind: 'respond'
      status: number
      headers?: Readonly<Record<string, string>>
      body?: Json
    }
  /** Destroys the connection before the request is looked at. */
  | { kind: 'reset' }
  /** Holds the request until the faults are cleared; then it is processed after all. */
  | { kind: 'hang' }
  /** Sends the headers at once and the body slowly. */
  | { kind: 'drip'; bytesPerSecond: number }
  /** Answers 307. */
  | { kind: 'redirect'; location: string }
  /** Processes the request, then destroys the connection without an answer. */
  | { kind: 'loseAnswer' }

/** Faults that change what the provider has said. */
export type AnswerFault =
  /** Members of the token response; null deletes one. */
  | { kind: 'tokenResponse'; set: JsonObject }
  /**
   * Claims of the ID token, signed again; null deletes one. With the provider's key, or with that of a `stranger` under
   * the provider's key id: a forgery.
   */
  | {
      kind: 'idToken'
      claims: JsonObject
      alg?: SigningAlgorithm | 'none'
      signer?: 'provider' | 'stranger'
    }
  /** Parameters of the redirect back to the client, also after sign-in pages; null deletes one. */
  | { kind: 'authorizationResponse'; set: Readonly<Record<string, string | null>> }

export type Fault = TransportFault | AnswerFault

export interface FaultRequest {
  endpoint: Endpoint
  /** How many requests are hit. Default 1. */
  count?: number
  /** How many requests pass unharmed before that. Default 0. */
  skip?: number
  fault: Fault
}

export interface Faults {
  add(request: FaultRequest): void
  /** The fault for the request that has just arrived; faults of one endpoint come one after another. */
  take(endpoint: Endpoint): Fault | undefined
  /** Resolves when held requests are let go: `true` to be processed, `false` to be dropped. */
  hold(): Promise<boolean>
  clear(heldRequests: 'process' | 'drop'): void
}

export function createFaults(): Faults {
  let queue: { endpoint: Endpoint; skip: number; count: number; fault: Fault }[] = []
  const held = new Set<(process: boolean) => void>()

  return {
    add({ endpoint, count = 1, skip = 0, fault }) {
      queue.push({ endpoint, count, skip, fault })
    },
    take(endpoint) {
      const next = queue.find((entry) => entry.endpoint === endpoint)
      if (!next) return undefined
      if (next.skip > 0) {
        next.skip -= 1
        return undefined
      }
      next.count -= 1
      if (next.count === 0) queue = queue.filter((entry) => entry !== next)
      return next.fault
    },
    hold: () => new Promise((resolve) => held.add(resolve)),
    clear(heldRequests) {
      queue = []
      for (const release of held) release(heldRequests === 'process')
      held.clear()
    },
  }
}
