import { element } from './element.ts'

export type Frame = ReturnType<typeof createFrame>

/** The layout of a page: a bar, header, settings, notices, view, content below the view, and a live region. */
export function createFrame(...bar: readonly HTMLElement[]) {
  const header = element('div', { class: 'header-nodes' })
  const settings = element('div', { class: 'settings' })
  const notices = element('div', { class: 'notices' })
  const view = element('div', { class: 'view' })
  const below = element('div', { class: 'below' })
  const status = element('p', { class: 'visually-hidden', role: 'status' })
  const main = element('main', {}, notices, view, below)
  document.body.replaceChildren(
    ...bar,
    element('header', { class: 'header' }, header, settings),
    main,
    status,
  )

  return {
    header,
    settings,
    below,
    show: (content: HTMLElement) => view.replaceChildren(content),
    /** Shows a notice above the view, until it is dismissed or another notice replaces it. */
    notify(notice: HTMLElement): void {
      notices.replaceChildren(notice)
      notice.scrollIntoView({ block: 'nearest' })
    },
    dismiss: () => notices.replaceChildren(),
    /** Announces the text to screen readers. */
    announce(text: string): void {
      status.textContent = text
    },
  }
}
