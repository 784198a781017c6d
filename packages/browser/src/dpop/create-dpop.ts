/** The part for DPoP (RFC 9449). Apps without the option `dpop` never load it. */
import { proofAlgorithmFor } from '@carnet/core/dpop'
import type { ProviderMetadata } from '@carnet/core/network'
import type { DpopConfig } from '../api/config.ts'
import type { Dpop, ProvenToken } from './dpop.ts'
import type { Nonces } from './nonces.ts'
import type { Signer } from './signer.ts'

/** A key without tokens is kept for this time, because a pending sign-in may name it. */
const UNUSED_FOR_MS = 25 * 3_600_000
/** The number of tokens whose keys are remembered. An app has a handful. */
const MOST_TOKENS = 50

/** The parts that DPoP needs. */
export interface DpopDeps {
  readonly options: DpopConfig
  readonly signer: Signer
  readonly nonces: Nonces
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
  const { options, signer, nonces, now, dropTokens } = deps
  const tokens = new Map<string, ProvenToken>()

  /** Creates a key; `undefined` if the provider does not support DPoP, and the app only prefers it. */
  async function create(metadata: ProviderMetadata, label?: string): Promise<string | undefined> {
    const alg = proofAlgorithmFor(metadata, options)
    return alg && signer.create(alg, metadata, label)
  }

  const headersFor: Dpop['headersFor'] = async (
    { method, url, nonce = nonces.ofApis.current(url) },
    { token, tokenType, jkt, clockOffsetMs },
  ) => {
    const authorization = `${tokenType} ${token}`
    if (jkt === undefined) return { authorization }
    const request = { method, url, accessToken: token, nonce }
    const dpop = await signer.sign(jkt, request, clockOffsetMs)
    if (dpop !== undefined) return { authorization, dpop }
    await dropTokens(jkt)
    return 'lost'
  }

  return {
    takeNonce: nonces.ofApis.take,
    takeClock: signer.correctClock,

    async keyFor(metadata, known, leaves) {
      if (leaves && signer.endsWithWorker) return undefined
      await nonces.recall(metadata.token_endpoint)
      return known !== undefined && (await signer.has(known)) ? known : create(metadata)
    },

    async bind(jkt, metadata, clockOffsetMs = 0, label) {
      const url = metadata.token_endpoint
      await nonces.recall(url)
      signer.noteOffset(url, clockOffsetMs)
      const key = jkt ?? (await create(metadata, label))
      if (key === undefined) return undefined
      const http = await signer.httpFor(key)
      if (http) return { http, jkt: key, isRequired: options.isRequired }
      await dropTokens(key)
      return 'lost'
    },

    headersFor,

    async authorize(result, request) {
      const { accessToken } = result
      const known = tokens.get(accessToken) ?? (await deps.tokenOf(result))
      if (tokens.size >= MOST_TOKENS) tokens.clear()
      tokens.set(accessToken, known)
      return headersFor(request, known)
    },

    forget: signer.forget,

    async sweep() {
      const old = await signer.olderThan(now() - UNUSED_FOR_MS)
      const isUsed = await Promise.all(old.map(deps.isUsed))
      await signer.forget(old.filter((_, index) => !isUsed[index]))
    },

    close: nonces.close,
  }
}
