/** The worker's side: answers the questions of pages. It never looks into a request, except to replace handles. */
import { createTokenKeeper, type KeptRequest } from '@carnet/core/keeper'
import { redeem } from '../journal/redeem.ts'
import { type BareFailure, createBareHttp } from './bare-http.ts'
import type { KeyHolder } from './key-holder.ts'
import type { KeeperAnswer, KeeperQuestion } from './messages.ts'

/**
 * Creates the function that answers questions. The tokens that it holds end with the worker.
 *
 * @param keys The keys for DPoP, if the worker holds them.
 */
export function createAnswers(keys?: KeyHolder) {
  const keep = createTokenKeeper({ randomId: () => crypto.randomUUID() })
  const httpFor = ({ jkt }: KeptRequest, timeoutMs: number) => {
    const http = createBareHttp(timeoutMs)
    return jkt === undefined ? http : holder(keys).boundTo(jkt, http)
  }

  return async function answer(
    question: KeeperQuestion,
    post: (message: KeeperAnswer) => void,
  ): Promise<void> {
    const { id } = question
    if ('handle' in question) return post({ type: 'held', id, isHeld: keep.holds(question.handle) })
    try {
      if ('aboutKey' in question)
        return post({ type: 'key', id, key: await holder(keys).answer(question.aboutKey) })
      const answered = await redeem(
        question,
        (request, timeoutMs) => keep(request, httpFor(request, timeoutMs), question.keeps),
        () => post({ type: 'started', id }),
      )
      post(answered ? { type: 'answer', id, answer: answered } : { type: 'taken', id })
    } catch (error) {
      const { code = 'invalid_response', message } = error as Partial<BareFailure>
      post({ type: 'failure', id, code, message: `${message}` })
    }
  }
}

function holder(keys: KeyHolder | undefined): KeyHolder {
  if (keys) return keys
  const message = 'The worker holds no keys: its file must be `key-worker.js`.'
  throw { code: 'worker_unresponsive', message } satisfies BareFailure
}
