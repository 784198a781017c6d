import { element } from '../ui/element.ts'
import { formatClock } from '../ui/format.ts'
import { section } from '../ui/section.ts'
import type { BackendCall } from './backend-calls.ts'

const LONGEST = 50

/** The calls of this page, newest first. All of them go to the server of the app. */
export function createCallLog() {
  const list = element('ol', { class: 'events-list calls' })
  const { region } = section(
    'events',
    'Calls of this page',
    element(
      'p',
      { class: 'quiet' },
      'Each call has the session cookie, and no token. The server refuses calls of other sites with 403.',
    ),
    list,
  )
  return {
    region,
    add(call: BackendCall): void {
      list.prepend(row(call))
      while (list.children.length > LONGEST) list.lastElementChild?.remove()
    },
  }
}

const row = ({ at, method, path, status }: BackendCall) =>
  element(
    'li',
    {},
    element('time', { datetime: at.toISOString() }, formatClock(at)),
    element('code', {}, `${method} ${path}`),
    element('span', {}, status === undefined ? 'no answer' : String(status)),
  )
