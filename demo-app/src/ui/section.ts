import { type Child, element } from './element.ts'

/** A region of the page with its heading. Links and the router find the region by `id`. */
export function section(id: string, title: string, ...children: readonly Child[]) {
  const heading = element('h2', { id: `${id}-heading`, tabindex: -1 }, title)
  const region = element(
    'section',
    { id, class: `section ${id}`, 'aria-labelledby': heading.id },
    heading,
    ...children,
  )
  return { region, heading }
}
