import { AuthError } from '@carnet/core'
import {
  apisAt,
  correctClock,
  createClocks,
  createNonceNotes,
  createTokenRequests,
  type ProofKey,
  proofAlgorithmFor,
  signProof,
} from '@carnet/core/dpop'
import type { ProviderMetadata } from '@carnet/core/network'
import type { AddCredential, Binding, Http } from '@carnet/core/services'
import type { ApiRequest } from '../api/api-calls.ts'
import type { PrivateKey } from './private-key.ts'
import type { ProofKeys } from './proof-keys.ts'

/** Binds the tokens of a service to a key (RFC 9449). */
export interface ServiceDpop extends Pick<ProofKeys, 'find' | 'holds' | 'refill'> {
  /** The thumbprint of the key that the app gave. */
  readonly given: string | undefined
  /**
   * True if a code may be bound to the key: the machine that redeems it has the same key, or only this process can open the
   * transaction.
   */
  readonly bindsCodes: boolean
  /** The key for new tokens. @throws AuthError `unsupported_by_provider` */
  current(metadata: ProviderMetadata): Promise<ProofKey>
  bind(key: ProofKey, http: Http): Binding
  /** Takes the function that adds a fresh credential to a request with this body. */
  remember(body: URLSearchParams, add: AddCredential): void
  /**
   * Signs a proof for an API.
   *
   * @throws AuthError `invalid_request` if the key is unknown.
   */
  proofFor(jkt: string, accessToken: string, request: ApiRequest): Promise<string>
  /** Takes the nonce of an answer of an API. */
  take(url: string, headers: Headers): void
}

interface DpopDeps {
  readonly clientId: string
  /** The algorithm that the app wants. Default: the best one of the provider. */
  readonly algorithm: PrivateKey['alg'] | undefined
  /** True if another machine may redeem a code of this one, but does not have its key. */
  readonly isApart: boolean
  readonly keys: ProofKeys
  readonly given: ProofKey | undefined
  /** The time by the clock of the provider, as far as it is known. */
  readonly providerNow: () => number
  readonly now: () => number
}

/** Creates the part for bound tokens of one client. Its nonces are shared by all requests to an origin. */
export function createServiceDpop(deps: DpopDeps): ServiceDpop {
  const { clientId, algorithm, isApart, keys, given, providerNow, now } = deps
  const nonces = createNonceNotes(now)
  const ofApis = createNonceNotes(now, undefined, apisAt)
  // An API that has told no time of its own has the time of the provider.
  const clocks = createClocks(providerNow)
  const trueTimeMs = async () => providerNow()
  const credentials = new WeakMap<object, AddCredential>()

  return {
    given: given?.jkt,
    bindsCodes: !isApart,
    remember: (body, add) => void credentials.set(body, add),
    find: keys.find,
    holds: keys.holds,
    refill: keys.refill,
    async current(metadata) {
      const alg = proofAlgorithmFor(metadata, { algorithm, isRequired: true })
      return keys.current(alg ?? 'ES256')
    },
    bind(key, http) {
      const bound = createTokenRequests({
        clientId,
        nonces,
        clocks,
        http,
        tokenHttp: http,
        trueTimeMs,
        credentialOf: (body) =>
          body instanceof URLSearchParams ? credentials.get(body) : undefined,
        unreadable: (url) =>
          new AuthError(
            'dpop_refused',
            `${new URL(url).origin} asks for a nonce, but sends no new one.`,
          ),
      })
      return { http: bound(key), jkt: key.jkt, isRequired: true }
    },
    async proofFor(jkt, accessToken, { method, url: target, answer }) {
      const url = String(target)
      const key = await keys.find(jkt)
      if (!key) throw unknownKey()
      if (answer) {
        ofApis.take(url, answer.headers)
        const refusal = answer.headers.get('www-authenticate') ?? ''
        if (answer.status === 401 && refusal.includes('invalid_dpop_proof'))
          await correctClock(clocks, url, answer.headers, trueTimeMs)
      }
      const nonce = ofApis.current(url)
      return signProof(key, { method, url, accessToken, nonce, nowMs: clocks.nowAt(url) })
    },
    take: (url, headers) => void ofApis.take(url, headers),
  }
}

const unknownKey = () =>
  new AuthError(
    'invalid_request',
    'This client does not have the key of the token: pass a result of this client, and share `cache.store` or `dpop.key`.',
  )
