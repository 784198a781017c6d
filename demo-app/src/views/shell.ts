import { isAuthError } from '@carnet/browser'
import { button, repeatableButton } from '../ui/button.ts'
import { element } from '../ui/element.ts'
import { errorNotice } from '../ui/error-notice.ts'

export type Shell = ReturnType<typeof createShell>

/** The layout of the page: header, settings, notices, view, content below the view, and a live region. */
export function createShell() {
  const header = element('div', { class: 'header-nodes' })
  const settings = element('div', { class: 'settings' })
  const notices = element('div', { class: 'notices' })
  const view = element('div', { class: 'view' })
  const below = element('div', { class: 'below' })
  const status = element('p', { class: 'visually-hidden', role: 'status' })
  const main = element('main', {}, notices, view, below)
  document.body.replaceChildren(
    element('header', { class: 'header' }, header, settings),
    main,
    status,
  )

  const dismiss = () => notices.replaceChildren()

  return {
    header,
    settings,
    below,
    show: (content: HTMLElement) => view.replaceChildren(content),
    /**
     * Shows an error above the view, until the user dismisses it or another error replaces it.
     *
     * @param again Repeats the call in a new click, if the browser blocked its popup.
     */
    report(error: unknown, again?: () => Promise<void>): void {
      const notice = errorNotice(
        error,
        again && isAuthError(error, 'popup_blocked')
          ? repeatableButton('Open the popup', again)
          : undefined,
        button('Dismiss', dismiss),
      )
      notices.replaceChildren(notice)
      notice.scrollIntoView({ block: 'nearest' })
    },
    dismiss,
    /** Announces the text to screen readers. */
    announce(text: string): void {
      status.textContent = text
    },
  }
}
