import type { PlanStatus } from '../consent/consent-plans.ts'
import { repeatableButton } from '../ui/button.ts'
import { element } from '../ui/element.ts'

/** The text for each plan, shown before the click. */
const WORDS: Readonly<Record<Exclude<PlanStatus, 'declined'>, string>> = {
  cached: 'A token is in the cache.',
  silent: 'You granted this scope: the app gets a token without asking you.',
  prompt: 'The provider may ask for your permission.',
}

/**
 * Shows the plan of a scope, or a note if the user declined the scope. The page works without a declined
 * scope, and asks again only if the user requests it.
 */
export function createPermission(scope: string, askAgain: () => Promise<void>) {
  const noteId = `declined-${scope}`
  const status = element('span', { class: 'mark' })
  const words = element('span')
  const line = element('p', { class: 'plan' }, status, words)
  const ask = repeatableButton('Ask again for permission', askAgain, { 'aria-describedby': noteId })
  const note = element('div', { class: 'declined-note', role: 'status' })
  const noteContent = [
    element(
      'p',
      { id: noteId },
      'You declined ',
      element('code', {}, scope),
      '. The rest of this page works without it.',
    ),
    element('div', { class: 'actions' }, ask),
  ]
  let current: PlanStatus | undefined

  function update(next: PlanStatus): void {
    if (next === current) return
    current = next
    line.hidden = next === 'declined'
    if (next === 'declined') {
      // The live region must exist before its content, so that screen readers announce it.
      note.replaceChildren(...noteContent)
      return
    }
    note.replaceChildren()
    status.textContent = next
    status.dataset.status = next
    words.textContent = WORDS[next]
  }

  return {
    element: element('div', { class: 'permission' }, line, note),
    update,
    isDeclined: () => current === 'declined',
    /** Moves the focus to the button that asks again. */
    pointOut: () => ask.focus(),
  }
}
