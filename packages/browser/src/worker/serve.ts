/** The worker's side: answers the questions of pages. It never looks into a request, except to replace handles. */
import { createTokenKeeper } from '@carnet/core/keeper'
import { redeem } from '../journal/redeem.ts'
import { type BareFailure, createBareHttp } from './bare-http.ts'
import type { KeeperAnswer, KeeperQuestion } from './messages.ts'

/** Creates the function that answers questions. The tokens that it holds end with the worker. */
export function createAnswers() {
  const keep = createTokenKeeper({ randomId: () => crypto.randomUUID() })

  return async function answer(
    question: KeeperQuestion,
    post: (message: KeeperAnswer) => void,
  ): Promise<void> {
    const { id } = question
    if ('handle' in question) return post({ type: 'held', id, isHeld: keep.holds(question.handle) })
    try {
      const answered = await redeem(
        question,
        (request, timeoutMs) => keep(request, createBareHttp(timeoutMs), question.keeps),
        () => post({ type: 'started', id }),
      )
      post(answered ? { type: 'answer', id, answer: answered } : { type: 'taken', id })
    } catch (error) {
      const { code = 'invalid_response', message } = error as Partial<BareFailure>
      post({ type: 'failure', id, code, message: `${message}` })
    }
  }
}
