import { button } from '../ui/button.ts'
import { element } from '../ui/element.ts'
import { section } from '../ui/section.ts'

/** A section with the items of an API, which the server of the app calls. */
export function createListSection<Item>(options: {
  readonly id: string
  readonly title: string
  readonly path: string
  readonly buttonLabel: string
  readonly none: string
  readonly load: () => Promise<readonly Item[]>
  readonly row: (item: Item) => HTMLElement
  /** Runs a call, and returns the notice of its failure. */
  readonly attempt: (work: () => Promise<void>) => Promise<HTMLElement | undefined>
  readonly announce: (text: string) => void
  /** Changes the data behind the list, which is then loaded again. */
  readonly change?: { readonly label: string; readonly run: () => Promise<unknown> }
}) {
  const { id, title, path, buttonLabel, none, load, row, attempt, announce, change } = options
  const content = element('div', { class: 'content' })

  const run = (before?: () => Promise<unknown>) => async () => {
    content.setAttribute('aria-busy', 'true')
    const failure = await attempt(async () => {
      await before?.()
      const items = await load()
      announce(`${title}: ${items.length} items.`)
      content.replaceChildren(listOf(items))
    })
    if (failure) content.replaceChildren(failure)
    content.removeAttribute('aria-busy')
  }

  const listOf = (items: readonly Item[]): HTMLElement =>
    items.length === 0
      ? element('p', { class: 'quiet' }, none)
      : element('ul', { class: 'items' }, ...items.map(row))

  return section(
    id,
    title,
    element('p', { class: 'quiet' }, 'The page calls ', element('code', {}, path), '.'),
    element(
      'div',
      { class: 'actions' },
      button(buttonLabel, run(), { class: 'main' }),
      change && button(change.label, run(change.run)),
    ),
    content,
  )
}
