import { isAuthError } from '@carnet/browser'
import { button, repeatableButton } from '../ui/button.ts'
import { errorNotice } from '../ui/error-notice.ts'
import { createFrame } from '../ui/frame.ts'

export type Shell = ReturnType<typeof createShell>

/** The layout of the page, with notices for errors of the client. */
export function createShell(...bar: readonly HTMLElement[]) {
  const frame = createFrame(...bar)
  return {
    ...frame,
    /**
     * Shows an error above the view, until the user dismisses it or another error replaces it.
     *
     * @param again Repeats the call in a new click, if the browser blocked its popup.
     */
    report(error: unknown, again?: () => Promise<void>): void {
      frame.notify(
        errorNotice(
          error,
          again && isAuthError(error, 'popup_blocked')
            ? repeatableButton('Open the popup', again)
            : undefined,
          button('Dismiss', frame.dismiss),
        ),
      )
    },
  }
}
