import { type AuthClient, isAuthError, type UserChallenge } from '@carnet/browser'
import type { InteractionChoice } from '../account/interaction-choice.ts'
import { element } from '../ui/element.ts'

/** The text for each challenge that needs the user. */
const REASONS: Partial<Record<UserChallenge['kind'], string>> = {
  step_up: 'The API wants you to confirm that it is you.',
  claims: 'The API wants you to meet a new condition.',
  scope: 'The API needs another permission of yours.',
}

/**
 * The dialog for challenges of APIs: the one place that asks the user, about one challenge after the other. It stays open if a popup is
 * blocked.
 */
export function createChallengeDialog({ current }: InteractionChoice) {
  let challenge: UserChallenge | null = null
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
    challenge?.resolve(current()).catch((error: unknown) => {
      if (isAuthError(error, 'popup_blocked'))
        problem.textContent = 'Your browser blocked the popup. Press Continue again.'
    })
  })
  cancel.addEventListener('click', () => dialog.close())
  // The Escape key closes the dialog as well. The dialog may be open again, for the next challenge.
  dialog.addEventListener('close', () => !dialog.open && challenge?.refuse())

  /** A challenge also ends without an answer, for example after a sign-out in another tab. */
  function show(next: UserChallenge | null): void {
    if (next === challenge) return
    challenge = next
    problem.textContent = ''
    if (!next) dialog.close()
    else {
      reason.textContent = REASONS[next.kind] ?? 'The API needs you.'
      if (!dialog.open) dialog.showModal()
    }
  }

  return {
    element: dialog,
    /** Shows the challenges of a client. */
    follow(auth: AuthClient): void {
      auth.on('changed', (snapshot) => show(snapshot.challenge))
      show(auth.snapshot().challenge)
    },
  }
}
