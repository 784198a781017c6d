import type { Endpoint } from './endpoints.ts'
import type { Json, JsonObject } from './json.ts'

export type SigningAlgorithm = 'RS256' | 'ES256'

/** Faults that replace the endpoint, or affect the connection between endpoint and browser. */
export type TransportFault =
  /** Sends this response instead. A body that is not a string is sent as JSON. */
  | {
      kind: 'respond'
      status: number
      headers?: Readonly<Record<string, string>>
      body?: Json
    }
  /** Closes the connection before the request is processed. */
  | { kind: 'reset' }
  /** Holds the request until the faults are cleared. The request is then processed. */
  | { kind: 'hang' }
  /** Sends the headers immediately and the body slowly. */
  | { kind: 'drip'; bytesPerSecond: number }
  /** Redirects with 307. */
  | { kind: 'redirect'; location: string }
  /** Processes the request, then closes the connection without a response. */
  | { kind: 'loseAnswer' }

/** Faults that change the response of the provider. */
export type ResponseFault =
  /** Changes members of the token response. A null deletes the member. */
  | { kind: 'tokenResponse'; set: JsonObject }
  /**
   * Changes claims of the ID token and signs it again. A null deletes the claim. `stranger` forges the signature:
   * it uses a foreign key under the key id of the provider.
   */
  | {
      kind: 'idToken'
      claims: JsonObject
      alg?: SigningAlgorithm | 'none'
      signer?: 'provider' | 'stranger'
    }
  /** Changes parameters of the authorization response, also after pages. A null deletes the parameter. */
  | { kind: 'authorizationResponse'; set: Readonly<Record<string, string | null>> }

export type Fault = TransportFault | ResponseFault

export interface FaultRequest {
  endpoint: Endpoint
  /** The number of affected requests. Default 1. */
  count?: number
  /** The number of requests before the first affected request. Default 0. */
  skip?: number
  fault: Fault
}

export interface Faults {
  add(request: FaultRequest): void
  /** Takes the fault for a request. The faults of one endpoint apply in the order in which they were added. */
  take(endpoint: Endpoint): Fault | undefined
  /** Resolves when held requests are released: `true` means process, `false` means drop. */
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
