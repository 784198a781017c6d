import { element } from '../element.ts'

/**
 * A button whose work takes time: until the work is done it says that it is busy, and further clicks
 * do nothing. It keeps the focus meanwhile, which a `disabled` button would lose.
 *
 * @param work Handles its own failures.
 */
export function button(
  label: string,
  work: () => Promise<void> | void,
  attributes: Readonly<Record<string, string>> = {},
): HTMLButtonElement {
  const created = element('button', { type: 'button', ...attributes }, label)
  created.addEventListener('click', async () => {
    if (created.getAttribute('aria-busy') === 'true') return
    created.setAttribute('aria-busy', 'true')
    created.setAttribute('aria-disabled', 'true')
    try {
      await work()
    } finally {
      created.removeAttribute('aria-busy')
      created.removeAttribute('aria-disabled')
    }
  })
  return created
}
