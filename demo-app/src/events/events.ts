import { button } from '../ui/button.ts'
import { element } from '../ui/element.ts'
import { formatClock } from '../ui/format.ts'
import { section } from '../ui/section.ts'
import type { LogLine } from './event-log.ts'

/** The events of the client, newest first. */
export function createEvents(clear: () => void) {
  const list = element('ol', { class: 'events-list' })
  const none = element(
    'p',
    { class: 'quiet empty' },
    'Nothing has happened yet. Changes in other tabs appear here too.',
  )
  const clearButton = button('Clear', clear, { class: 'quiet' })
  const { region } = section('events', 'Events', clearButton, none, list)

  return {
    region,
    update(lines: readonly LogLine[]): void {
      none.hidden = lines.length > 0
      list.replaceChildren(...lines.map(row))
    },
  }
}

const row = ({ at, name, text }: LogLine) =>
  element(
    'li',
    {},
    element('time', { datetime: at.toISOString() }, formatClock(at)),
    element('code', {}, name),
    element('span', {}, text),
  )
