import type { AuthenticationResult } from '@carnet/browser'
import { repeatableButton } from '../ui/button.ts'
import { type Child, element } from '../ui/element.ts'
import { section } from '../ui/section.ts'
import { type ApiCallOptions, createApiCall } from './api-call.ts'

export interface ApiSectionOptions<Item> extends Omit<ApiCallOptions, 'call'> {
  readonly id: string
  readonly title: string
  readonly buttonLabel: string
  readonly intro: string
  readonly none: string
  readonly load: () => Promise<readonly Item[]>
  readonly row: (item: Item) => HTMLElement
  readonly announce: (text: string) => void
  /** More content below the items. */
  readonly more?: Child
}

/** A section with the items of an API. */
export function createApiSection<Item>(options: ApiSectionOptions<Item>) {
  const { id, title, scope, buttonLabel, intro, none, load, row, announce, more } = options
  const { permission, content, updatePlan, run, goOnWith } = createApiCall({
    ...options,
    async call() {
      const items = await load()
      announce(`${title}: ${items.length} items.`)
      return items.length === 0
        ? element('p', { class: 'quiet' }, none)
        : element('ul', { class: 'items' }, ...items.map(row))
    },
  })
  const { region, heading } = section(
    id,
    title,
    element('p', { class: 'quiet' }, intro, ' ', element('code', {}, scope)),
    permission,
    element('div', { class: 'actions' }, repeatableButton(buttonLabel, run, { class: 'main' })),
    content,
    more,
  )

  return {
    region,
    heading,
    updatePlan,
    /** Opens the section with the result of the redirect. */
    async openWith(result: AuthenticationResult): Promise<void> {
      region.scrollIntoView({ block: 'nearest' })
      await goOnWith(result)
    },
  }
}
