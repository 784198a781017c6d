import { element } from '../element.ts'
import { button } from './button.ts'
import { errorNotice } from './error-notice.ts'

export type Shell = ReturnType<typeof createShell>

/** The frame of the page: header, the place for errors, the view, what stands below it, and a voice. */
export function createShell() {
  const header = element('header', { class: 'header' })
  const notices = element('div', { class: 'notices' })
  const view = element('div', { class: 'view' })
  const below = element('div', { class: 'below' })
  const status = element('p', { class: 'visually-hidden', role: 'status' })
  const main = element('main', {}, notices, view, below)
  document.body.replaceChildren(header, main, status)

  return {
    header,
    below,
    show: (content: HTMLElement) => view.replaceChildren(content),
    /** Shows an error above the view until it is dismissed or another one takes its place. */
    report(error: unknown): void {
      const dismiss = button('Dismiss', () => notices.replaceChildren())
      const notice = errorNotice(error, dismiss)
      notices.replaceChildren(notice)
      notice.scrollIntoView({ block: 'nearest' })
    },
    dismiss: () => notices.replaceChildren(),
    /** Says it to people who listen to the page rather than look at it. */
    announce(text: string): void {
      status.textContent = text
    },
  }
}
