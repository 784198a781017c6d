/** The keys for DPoP in the memory of the worker: no script of a page can use one except by a question to the worker. */
import {
  type Clocks,
  createClocks,
  createNonceNotes,
  createProofKey,
  createTokenRequests,
  mayProve,
  mayRedeemAt,
  type NonceNotes,
  type ProofKey,
  type ProofPolicy,
  signProof,
} from '@carnet/core/dpop'
import type { Http } from '@carnet/core/keeper'
import type { BareFailure } from './bare-http.ts'
import type { KeyAnswer, KeyQuestion } from './messages.ts'

/** The keys of a worker. They end with it. */
export interface KeyHolder {
  answer(question: KeyQuestion): Promise<KeyAnswer>
  /** Adds proofs to token requests. The page sees the answers, but never a proof. */
  boundTo(jkt: string, http: Http): Http
}

/** The nonces and clocks of one client at one provider. */
interface Provider {
  readonly nonces: NonceNotes
  readonly clocks: Clocks
}

interface HeldKey {
  readonly key: ProofKey
  readonly policy: ProofPolicy
  readonly provider: Provider
}

/**
 * Creates the keys of a worker.
 *
 * The worker takes no time from a page: with a proof for a later time, a script could use a token after its page has gone.
 *
 * @param trueTimeMs The time by a clock of another machine, if there is one.
 */
export function createKeyHolder(deps: {
  now: () => number
  trueTimeMs: () => Promise<number | undefined>
}): KeyHolder {
  const { now, trueTimeMs } = deps
  const keys = new Map<string, HeldKey>()
  const labelled = new Map<string, Promise<string>>()
  const providers = new Map<string, Provider>()

  /** Nonces and clocks of one client do not serve another client. */
  function providerOf({ clientId, tokenEndpoint }: ProofPolicy): Provider {
    const name = JSON.stringify([clientId, tokenEndpoint])
    const known = providers.get(name)
    if (known) return known
    const created = { nonces: createNonceNotes(now), clocks: createClocks(now) }
    providers.set(name, created)
    return created
  }

  async function create(policy: ProofPolicy): Promise<string> {
    const key = await createProofKey(policy.alg)
    keys.set(key.jkt, { key, policy, provider: providerOf(policy) })
    return key.jkt
  }

  function createOnce(policy: ProofPolicy, label: string): Promise<string> {
    const name = JSON.stringify([policy.clientId, policy.tokenEndpoint, label])
    const creating = labelled.get(name) ?? create(policy)
    labelled.set(name, creating)
    return creating
  }

  async function prove(
    { key, policy, provider: { clocks } }: HeldKey,
    request: Extract<KeyQuestion, { prove: string }>['request'],
  ): Promise<KeyAnswer> {
    const { method, url } = request
    if (!mayProve(policy, method, url)) return { isRefused: true }
    const aheadMs = clocks.nowAt(policy.tokenEndpoint) - now()
    return { proof: await signProof(key, { ...request, nowMs: clocks.nowAt(url, aheadMs) }) }
  }

  async function answer(question: KeyQuestion): Promise<KeyAnswer> {
    if ('create' in question) {
      const { create: policy, label } = question
      return { jkt: await (label === undefined ? create(policy) : createOnce(policy, label)) }
    }
    if ('prove' in question) {
      const held = keys.get(question.prove)
      return held ? prove(held, question.request) : {}
    }
    if ('correctClock' in question) {
      const timeMs = await trueTimeMs().catch(() => undefined)
      if (timeMs === undefined) return {}
      const isCorrected = [...providers.values()].map(({ clocks }) =>
        clocks.set(question.correctClock, timeMs),
      )
      return { isCorrected: isCorrected.includes(true) }
    }
    const isHeld = keys.has(question.find)
    if (question.forgets) keys.delete(question.find)
    return isHeld ? { jkt: question.find } : {}
  }

  return {
    answer,
    boundTo: (jkt, http) => async (url, init) => {
      const held = keys.get(jkt)
      if (!held) throw failure('worker_unresponsive', 'The worker no longer holds the key.')
      const { key, policy, provider } = held
      if (!mayRedeemAt(policy, url))
        throw failure('dpop_refused', 'The key is for another token endpoint.')
      const unreadable = () =>
        failure('dpop_nonce_unreadable', `${new URL(url).origin}: the nonce cannot be read.`)
      const common = { ...provider, clientId: policy.clientId, trueTimeMs, unreadable }
      const send = createTokenRequests({ ...common, http, tokenHttp: http })(key)
      return send(url, init)
    },
  }
}

/** A failure in a form for messages. */
const failure = (code: BareFailure['code'], message: string) =>
  Object.assign(new Error(message), { code })
