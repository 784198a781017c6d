import { AuthError } from '@carnet/core'
import type { Http } from '@carnet/core/network'
import { parseResources, type ResourceRules } from '@carnet/core/resources'
import type { Custody } from '../worker/custody.ts'
import type { KeyAnswer, KeyQuestion } from '../worker/messages.ts'
import type { Signer } from './signer.ts'

/** The parts of a signer whose keys are in the worker. */
export interface WorkerSignerDeps {
  readonly clientId: string
  readonly origin: string
  readonly resources: ResourceRules | undefined
  readonly askKey: Custody['askKey']
  readonly tokenHttp: Http
}

/** Creates the signer for keys in the memory of the worker. The page never sees a proof for the token endpoint. */
export function createWorkerSigner(deps: WorkerSignerDeps): Signer {
  const { clientId, origin, askKey, tokenHttp } = deps
  const resources = parseResources(deps.resources ?? {}, origin)

  async function ask(question: KeyQuestion): Promise<KeyAnswer> {
    const answer = await askKey(question)
    if (answer) return answer
    throw new AuthError('worker_unresponsive', 'The worker with the keys for DPoP did not answer.')
  }

  const has = async (jkt: string) => (await ask({ find: jkt })).jkt !== undefined

  return {
    endsWithWorker: true,
    async create(alg, metadata, label) {
      const { token_endpoint: tokenEndpoint, userinfo_endpoint: userInfoEndpoint } = metadata
      const create = { alg, clientId, tokenEndpoint, userInfoEndpoint, resources }
      const { jkt = '' } = await ask({ create, label })
      return jkt
    },
    has,
    httpFor: async (jkt) =>
      (await has(jkt)) ? (url, init) => tokenHttp(url, { ...init, jkt }) : undefined,
    async sign(jkt, request) {
      const { proof, isRefused } = await ask({ prove: jkt, request })
      if (isRefused)
        throw new AuthError(
          'dpop_refused',
          `The worker proves requests to URLs of \`resources\` only, not to ${new URL(request.url).origin}.`,
        )
      return proof
    },
    correctClock: async (url) => (await ask({ correctClock: url })).isCorrected === true,
    // The worker believes no clock of the page: a proof for a later time would outlive the page.
    noteOffset: () => undefined,
    async forget(jkts) {
      await Promise.all(jkts.map((jkt) => askKey({ find: jkt, forgets: true })))
    },
    olderThan: async () => [],
  }
}
