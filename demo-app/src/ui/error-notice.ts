import { isAuthError } from '@carnet/browser'
import type { Child } from './element.ts'
import { notice } from './notice.ts'
import { codeOf, politeWords } from './polite-words.ts'

/**
 * Shows the message, the code and the advice of an error. Expected errors have the role `status`, all other
 * errors `alert`.
 */
export function errorNotice(error: unknown, ...actions: readonly Child[]): HTMLElement {
  const words = politeWords(error)
  const hint = isAuthError(error) ? error.hint : undefined
  return notice(
    {
      message: words?.message ?? messageOf(error),
      advice: words?.advice ?? hint,
      code: codeOf(error),
      detail: correlationOf(error),
      isExpected: words !== undefined,
    },
    ...actions,
  )
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

const correlationOf = (error: unknown) =>
  isAuthError(error) && error.correlationId !== undefined ? ` ${error.correlationId}` : undefined
