import { isAuthError, type UserChallenge } from '@carnet/browser'
import type { InteractionChoice } from '../account/interaction-choice.ts'
import { element } from '../ui/element.ts'

/** The text for each challenge that needs the user. */
const REASONS: Partial<Record<UserChallenge['kind'], string>> = {
  step_up: 'The API wants you to confirm that it is you.',
  claims: 'The API wants you to meet a new condition.',
  scope: 'The API needs another permission of yours.',
}

/** The dialog for challenges of APIs: the one place that asks the user. It stays open if a popup is blocked. */
export function createChallengeDialog({ current }: InteractionChoice) {
  let challenge: UserChallenge | undefined
  const reason = element('p')
  const problem = element('p', { class: 'quiet', role: 'status' })
  const proceed = element('button', { type: 'button', class: 'main' }, 'Continue')
  const cancel = element('button', { type: 'button' }, 'Not now')
  const heading = element('h2', { id: 'challenge-heading' }, 'One more step')
  const dialog = element(
    'dialog',
    { class: 'challenge', 'aria-labelledby': heading.id },
    heading,
    reason,
    problem,
    element('div', { class: 'actions' }, proceed, cancel),
  )

  // A popup opens only in the click handler, before the first `await`.
  proceed.addEventListener('click', () => {
    challenge?.resolve(current()).then(close, (error: unknown) => {
      if (!isAuthError(error, 'popup_blocked')) return close()
      problem.textContent = 'Your browser blocked the popup. Press Continue again.'
    })
  })
  cancel.addEventListener('click', () => dialog.close())
  // The Escape key closes the dialog as well.
  dialog.addEventListener('close', () => challenge?.refuse())

  function close(): void {
    challenge = undefined
    dialog.close()
  }

  return {
    element: dialog,
    ask(next: UserChallenge): void {
      challenge = next
      reason.textContent = REASONS[next.kind] ?? 'The API needs you.'
      problem.textContent = ''
      // Nothing is left to answer, for example after a sign-out in another tab.
      next.ended.addEventListener('abort', () => challenge === next && close())
      dialog.showModal()
    },
  }
}
