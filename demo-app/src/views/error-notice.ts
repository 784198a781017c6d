import { isAuthError } from '@carnet/browser'
import { type Child, element } from '../element.ts'

/** Says what went wrong, its code, and what can be done. Every text in it is data, shown as text. */
export function errorNotice(error: unknown, ...actions: readonly Child[]): HTMLElement {
  const message = element('p', { class: 'notice-message' }, messageOf(error))
  if (!isAuthError(error)) {
    return element('div', { class: 'notice', role: 'alert' }, message, actionRow(actions))
  }
  return element(
    'div',
    { class: 'notice', role: 'alert' },
    message,
    element('p', {}, error.hint),
    element(
      'p',
      { class: 'notice-code' },
      element('code', {}, error.code),
      error.correlationId === undefined ? undefined : ` ${error.correlationId}`,
    ),
    actionRow(actions),
  )
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

const actionRow = (actions: readonly Child[]) =>
  actions.length === 0 ? undefined : element('div', { class: 'actions' }, ...actions)
