import { element } from '../element.ts'

type Work = () => Promise<void> | void
type Attributes = Readonly<Record<string, string>>

/**
 * A button whose work takes time: until the work is done it says that it is busy, and further clicks
 * do nothing. It keeps the focus meanwhile, which a `disabled` button would lose.
 *
 * @param work Handles its own failures.
 */
export function button(label: string, work: Work, attributes?: Attributes): HTMLButtonElement {
  return create(label, work, { isRepeatable: false, attributes })
}

/**
 * A button for what may open a window. It works while it is busy, too: asked again, the client shows
 * the window that is open, which may lie behind this one or be gone without a trace.
 *
 * @param work Handles its own failures.
 */
export function repeatableButton(
  label: string,
  work: Work,
  attributes?: Attributes,
): HTMLButtonElement {
  return create(label, work, { isRepeatable: true, attributes })
}

function create(
  label: string,
  work: Work,
  how: { isRepeatable: boolean; attributes: Attributes | undefined },
): HTMLButtonElement {
  const created = element('button', { type: 'button', ...how.attributes }, label)
  let running = 0
  created.addEventListener('click', async () => {
    if (running > 0 && !how.isRepeatable) return
    running += 1
    created.setAttribute('aria-busy', 'true')
    if (!how.isRepeatable) created.setAttribute('aria-disabled', 'true')
    try {
      await work()
    } finally {
      running -= 1
      if (running === 0) {
        created.removeAttribute('aria-busy')
        created.removeAttribute('aria-disabled')
      }
    }
  })
  return created
}
