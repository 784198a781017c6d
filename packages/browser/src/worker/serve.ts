/** The worker's side: answers the questions of pages. It never looks into a request, except to replace handles. */
import { createTokenKeeper, type Http, type KeptRequest } from '@carnet/core/keeper'
import { redeem } from '../journal/redeem.ts'
import type { BareFailure } from './bare-http.ts'
import type { KeeperAnswer, TokenQuestion } from './messages.ts'

/** Answers a question of a page. */
export type AnswerQuestion = (
  question: TokenQuestion,
  post: (message: KeeperAnswer) => void,
) => Promise<void>

/**
 * Creates the function that answers questions. The tokens that it holds end with the worker. A question about keys fails, and the
 * page names the file of the worker that holds keys.
 *
 * @param httpFor Returns the function that sends a request.
 */
export function createAnswers(
  httpFor: (timeoutMs: number, request: KeptRequest) => Http,
): AnswerQuestion {
  const keep = createTokenKeeper({ randomId: () => crypto.randomUUID() })

  return async function answer(question, post) {
    const { id } = question
    if ('handle' in question) return post({ type: 'held', id, isHeld: keep.holds(question.handle) })
    try {
      const answered = await redeem(
        question,
        (request, timeoutMs) => keep(request, httpFor(timeoutMs, request), question.keeps),
        () => post({ type: 'started', id }),
      )
      post(answered ? { type: 'answer', id, answer: answered } : { type: 'taken', id })
    } catch (error) {
      post(failureOf(id, error as Partial<BareFailure>))
    }
  }
}

/** The message about a question that failed. */
export const failureOf = (
  id: number,
  { code = 'invalid_response', message }: Partial<BareFailure>,
): KeeperAnswer => ({ type: 'failure', id, code, message: `${message}` })
