import { element } from './element.ts'

type Work = () => Promise<void> | void
type Attributes = Readonly<Record<string, string>>

/**
 * A button for asynchronous work. During the work it shows that it is busy, and ignores clicks. It keeps
 * the focus, which a `disabled` button would lose.
 *
 * @param work Handles its own failures.
 */
export function button(label: string, work: Work, attributes?: Attributes): HTMLButtonElement {
  return create(label, work, { isRepeatable: false, attributes })
}

/**
 * A button for calls that may open a popup. It also works while it is busy: a second call makes the
 * client show the open popup, which may be hidden behind this window.
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
