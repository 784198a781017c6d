import { type Child, element } from './element.ts'

/** The content of a notice. */
export interface Notice {
  readonly message: string
  readonly advice?: string | undefined
  /** The name of the error, for developers. */
  readonly code?: string | undefined
  /** More about the code, for example an id. */
  readonly detail?: string | undefined
  /** True for an outcome that an app expects: screen readers do not interrupt the user. */
  readonly isExpected: boolean
}

/** Shows a message, advice, and the code of an error. */
export function notice(
  { message, advice, code, detail, isExpected }: Notice,
  ...actions: readonly Child[]
): HTMLElement {
  return element(
    'div',
    { class: 'notice', role: isExpected ? 'status' : 'alert' },
    element('p', { class: 'notice-message' }, message),
    advice === undefined ? undefined : element('p', {}, advice),
    code === undefined
      ? undefined
      : element('p', { class: 'notice-code' }, element('code', {}, code), detail),
    actions.length === 0 ? undefined : element('div', { class: 'actions' }, ...actions),
  )
}
