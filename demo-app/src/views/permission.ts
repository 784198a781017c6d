import type { PlanStatus } from '../consent-plans.ts'
import { element } from '../element.ts'
import { repeatableButton } from './button.ts'

/** What a click will take, before it is made. */
const WORDS: Readonly<Record<Exclude<PlanStatus, 'declined'>, string>> = {
  cached: 'A token is at hand: nobody is asked.',
  silent: 'You granted it: a token comes without asking you.',
  prompt: 'The provider may ask for your permission.',
}

/**
 * Where a scope stands: what a click will take, or that the user declined it. Then the page goes on
 * without it, and asks again only when told to.
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
      // It comes into a place that is there already: so it is read out.
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
    /** Leads to the button that asks again: nothing else does. */
    pointOut: () => ask.focus(),
  }
}
