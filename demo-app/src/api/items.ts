import { element } from '../ui/element.ts'
import { formatDay } from '../ui/format.ts'
import type { CalendarEvent, Message } from './parse.ts'

export function calendarItem({ title, start, organizer }: CalendarEvent): HTMLElement {
  const { weekday, day, month, time } = formatDay(start)
  return element(
    'li',
    {},
    element(
      'time',
      { class: 'leaf', datetime: start.toISOString() },
      element('span', {}, weekday),
      element('strong', {}, day),
      element('span', {}, month),
    ),
    element(
      'div',
      {},
      element('strong', {}, title),
      element('span', { class: 'quiet' }, `${time}, organised by ${organizer}`),
    ),
  )
}

export function mailItem({ from, subject }: Message): HTMLElement {
  return element(
    'li',
    {},
    element('span', { class: 'leaf', 'aria-hidden': 'true' }, initialOf(from)),
    element('div', {}, element('strong', {}, subject), element('span', { class: 'quiet' }, from)),
  )
}

const initialOf = (text: string) => text.slice(0, 1).toUpperCase()
