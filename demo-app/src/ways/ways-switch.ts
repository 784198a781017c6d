import { element } from '../ui/element.ts'
import { readOrigins } from './addresses.ts'

/** The place of the tokens. */
export type Way = 'browser' | 'server'

const LABELS: Readonly<Record<Way, string>> = { browser: 'In the browser', server: 'On the server' }

/**
 * The links between the two ways of the demo. Each way has its own origin, so that neither can read the storage of the other.
 * There is no switch if only one page is served.
 */
export function createWaysSwitch(current: Way): HTMLElement[] {
  const origins = readOrigins()
  if (origins.browser === '' || origins.server === '') return []
  const links = (['browser', 'server'] as const).map((way) =>
    element(
      'a',
      { href: `${origins[way]}/`, 'aria-current': way === current && 'page' },
      LABELS[way],
    ),
  )
  return [
    element(
      'nav',
      { class: 'ways', 'aria-labelledby': 'ways-label' },
      element('span', { id: 'ways-label' }, 'Where the app keeps its tokens'),
      element('span', { class: 'ways-links' }, ...links),
    ),
  ]
}
