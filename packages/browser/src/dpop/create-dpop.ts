/** The part for DPoP (RFC 9449). Apps without the option `dpop` never load it. */
import { signProof } from '@carnet/core/dpop'
import type { DpopConfig } from '../api/options.ts'
import { algorithmFor } from './algorithm.ts'
import type { Clocks } from './clocks.ts'
import type { Dpop, ProvenToken } from './dpop.ts'
import type { Keys } from './keys.ts'
import type { Nonces } from './nonces.ts'
import type { createTokenRequests } from './token-requests.ts'

/** A key without tokens is kept for this time, because a pending sign-in may name it. */
const UNUSED_FOR_MS = 25 * 3_600_000
/** The number of tokens whose keys are remembered. An app has a handful. */
const MOST_TOKENS = 50

/** The parts that DPoP needs. */
export interface DpopDeps {
  readonly options: DpopConfig
  readonly keys: Keys
  readonly nonces: Nonces
  readonly clocks: Clocks
  readonly boundTo: ReturnType<typeof createTokenRequests>
  readonly now: () => number
  /** Deletes the tokens that are bound to a key. */
  readonly dropTokens: (jkt: string) => Promise<void>
  /** The stored token of a result. */
  readonly tokenOf: (result: Parameters<Dpop['authorize']>[0]) => Promise<ProvenToken>
  /** True if a stored token is bound to the key. */
  readonly isUsed: (jkt: string) => Promise<boolean>
}

/** Creates the part for DPoP of one client. */
export function createDpop(deps: DpopDeps): Dpop {
  const { options, keys, nonces, clocks, now, dropTokens } = deps
  const tokens = new Map<string, ProvenToken>()

  const headersFor: Dpop['headersFor'] = async (
    { method, url },
    { token, tokenType, jkt, clockOffsetMs },
  ) => {
    const authorization = `${tokenType} ${token}`
    if (jkt === undefined) return { authorization }
    const key = await keys.find(jkt)
    if (!key) {
      await dropTokens(jkt)
      return 'lost'
    }
    const nowMs = clocks.nowAt(url, clockOffsetMs)
    const request = { method, url, accessToken: token, nonce: nonces.current(url), nowMs }
    return { authorization, dpop: await signProof(key, request) }
  }

  return {
    takeNonce: nonces.take,
    takeClock: (url, headers) => clocks.set(url, Date.parse(headers.get('date') ?? '')),

    async keyFor(metadata, known) {
      await nonces.recall(metadata.token_endpoint)
      const found = known === undefined ? undefined : await keys.find(known)
      const alg = found ? undefined : algorithmFor(metadata, options)
      return (found ?? (alg && (await keys.create(alg))))?.jkt
    },

    async bind(jkt, metadata, clockOffsetMs = 0) {
      const url = metadata.token_endpoint
      await nonces.recall(url)
      if (!clocks.isKnown(url)) clocks.set(url, now() + clockOffsetMs)
      const found = jkt === undefined ? undefined : await keys.find(jkt)
      if (!found && jkt !== undefined) {
        await dropTokens(jkt)
        return 'lost'
      }
      const alg = found ? undefined : algorithmFor(metadata, options)
      const key = found ?? (alg && (await keys.create(alg)))
      return key && { http: deps.boundTo(key), jkt: key.jkt, isRequired: options.isRequired }
    },

    headersFor,

    async authorize(result, request) {
      const { accessToken } = result
      const known = tokens.get(accessToken) ?? (await deps.tokenOf(result))
      if (tokens.size >= MOST_TOKENS) tokens.clear()
      tokens.set(accessToken, known)
      return headersFor(request, known)
    },

    forget: keys.forget,

    async sweep() {
      const old = await keys.olderThan(now() - UNUSED_FOR_MS)
      const isUsed = await Promise.all(old.map(deps.isUsed))
      await keys.forget(old.filter((_, index) => !isUsed[index]))
    },

    close: nonces.close,
  }
}
