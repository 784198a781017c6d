import { type Clocks, correctClock, createTokenRequests, signProof } from '@carnet/core/dpop'
import type { Http } from '@carnet/core/network'
import type { Keys } from './keys.ts'
import type { Nonces } from './nonces.ts'
import type { Signer } from './signer.ts'
import { unreadableNonce } from './unreadable-nonce.ts'

/** The parts of a signer in the page. */
export interface PageSignerDeps {
  readonly clientId: string
  readonly keys: Keys
  readonly nonces: Nonces
  readonly clocks: Clocks
  readonly now: () => number
  readonly http: Http
  readonly tokenHttp: Http
  readonly trueTimeMs: () => Promise<number | undefined>
}

/** Creates the signer for keys in IndexedDB. */
export function createPageSigner(deps: PageSignerDeps): Signer {
  const { keys, clocks, now, trueTimeMs } = deps
  const boundTo = createTokenRequests({ ...deps, unreadable: unreadableNonce })

  return {
    endsWithWorker: false,
    create: async (alg) => (await keys.create(alg)).jkt,
    has: async (jkt) => (await keys.find(jkt)) !== undefined,
    async httpFor(jkt) {
      const key = await keys.find(jkt)
      return key && boundTo(key)
    },
    async sign(jkt, request, clockOffsetMs) {
      const key = await keys.find(jkt)
      return key && signProof(key, { ...request, nowMs: clocks.nowAt(request.url, clockOffsetMs) })
    },
    correctClock: (url, headers) => correctClock(clocks, url, headers, trueTimeMs),
    noteOffset(url, clockOffsetMs) {
      if (!clocks.isKnown(url)) clocks.set(url, now() + clockOffsetMs)
    },
    forget: keys.forget,
    olderThan: keys.olderThan,
  }
}
