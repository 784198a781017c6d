import { isAuthError } from '@carnet/browser'
import { type Child, element } from './element.ts'
import { codeOf, politeWords } from './polite-words.ts'

/**
 * Shows the message, the code and the advice of an error. Expected errors have the role `status`, all other
 * errors `alert`.
 */
export function errorNotice(error: unknown, ...actions: readonly Child[]): HTMLElement {
  const words = politeWords(error)
  const hint = isAuthError(error) ? error.hint : undefined
  const code = codeOf(error)
  const advice = words?.advice ?? hint
  return element(
    'div',
    { class: 'notice', role: words ? 'status' : 'alert' },
    element('p', { class: 'notice-message' }, words?.message ?? messageOf(error)),
    advice === undefined ? undefined : element('p', {}, advice),
    code === undefined
      ? undefined
      : element('p', { class: 'notice-code' }, element('code', {}, code), correlationOf(error)),
    actions.length === 0 ? undefined : element('div', { class: 'actions' }, ...actions),
  )
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

const correlationOf = (error: unknown) =>
  isAuthError(error) && error.correlationId !== undefined ? ` ${error.correlationId}` : undefined
