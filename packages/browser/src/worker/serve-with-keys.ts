import { type BareFailure, createBareHttp } from './bare-http.ts'
import type { KeyHolder } from './key-holder.ts'
import type { KeeperAnswer, KeeperQuestion } from './messages.ts'
import { createAnswers, failureOf } from './serve.ts'

/** Creates the answers of a worker that also holds the keys for DPoP, and proves token requests itself. */
export function createAnswersWithKeys(keys: KeyHolder) {
  const answer = createAnswers((timeoutMs, { jkt }) => {
    const http = createBareHttp(timeoutMs)
    return jkt === undefined ? http : keys.boundTo(jkt, http)
  })
  return async (question: KeeperQuestion, post: (message: KeeperAnswer) => void) => {
    if (!('aboutKey' in question)) return answer(question, post)
    const { id, aboutKey } = question
    try {
      post({ type: 'key', id, key: await keys.answer(aboutKey) })
    } catch (error) {
      post(failureOf(id, error as Partial<BareFailure>))
    }
  }
}
