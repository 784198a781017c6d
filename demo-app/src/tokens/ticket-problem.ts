import { type InteractionHint, isAuthError, isInteractionRequired } from '@carnet/browser'
import { repeatableButton } from '../ui/button.ts'
import { element } from '../ui/element.ts'
import { errorNotice } from '../ui/error-notice.ts'

/** The place in a ticket for an error, with a button if an interaction can solve it. */
export function createProblem(goToProvider: (request: InteractionHint) => Promise<void>) {
  const problem = element('div')

  /** Runs the work and shows its error. A success removes an earlier error. */
  async function showFailure(
    work: () => Promise<void>,
    remedy: (error: unknown) => HTMLElement | undefined = remedyOf,
  ): Promise<void> {
    try {
      await work()
      problem.replaceChildren()
    } catch (error) {
      problem.replaceChildren(errorNotice(error, remedy(error)))
    }
  }

  const remedyOf = (error: unknown) =>
    isInteractionRequired(error) ? providerButton(error.request) : undefined

  /** Acquires the token with interaction. After a blocked or closed popup, the button stays. */
  const providerButton = (request: InteractionHint): HTMLElement =>
    repeatableButton('Go to the provider', () =>
      showFailure(
        () => goToProvider(request),
        (error) =>
          isAuthError(error, 'popup_blocked') || isAuthError(error, 'user_cancelled')
            ? providerButton(request)
            : undefined,
      ),
    )

  return { element: problem, showFailure }
}
