import { element } from '../ui/element.ts'
import { formatSpan } from '../ui/format.ts'
import { positionOf, spanMsFor } from './timeline-span.ts'

/** The meaning of a mark. The lists below the line use the same marks. */
export type MarkKind = 'this tab' | 'another tab' | 'failed' | 'user needed' | 'planned'

export interface Mark {
  /** Identifies the mark while it moves. */
  readonly key: string
  readonly kind: MarkKind
  readonly atMs: number
}

/** The shape of a mark, for the line and for the lists. */
export const markShape = (kind: MarkKind) =>
  element('span', { class: 'mark-shape', 'data-kind': kind, 'aria-hidden': 'true' })

const EDGES = [-1, -0.5, 0, 0.5, 1] as const

/** A timeline with a mark for each renewal. It is hidden from screen readers, because the lists have the same data. */
export function createTimeline() {
  const shown = new Map<string, HTMLElement>()
  const life = element('div', { class: 'timeline-life' })
  const marks = element('div', { class: 'timeline-marks' })
  const edges = EDGES.map((edge) => ({ edge, label: element('span', { class: 'timeline-edge' }) }))
  for (const { edge, label } of edges) place(label, (edge + 1) / 2)
  const drawing = element(
    'div',
    { class: 'timeline', 'aria-hidden': 'true' },
    element('div', { class: 'timeline-line' }, life),
    element('div', { class: 'timeline-now' }),
    marks,
    ...edges.map(({ label }) => label),
  )

  function showMark({ key, kind }: Mark, position: number): void {
    const known = shown.get(key)
    const shape = known ?? markShape(kind)
    place(shape, position)
    if (known) return
    shown.set(key, shape)
    marks.append(shape)
  }

  return {
    drawing,
    /**
     * @param livesUntilMs The earliest expiry of the tokens in use.
     * @returns True if the line has a mark.
     */
    draw(all: readonly Mark[], livesUntilMs: number, nowMs: number): boolean {
      const planned = all.filter(({ kind }) => kind === 'planned').map(({ atMs }) => atMs)
      const spanMs = spanMsFor(planned, nowMs)
      for (const { edge, label } of edges)
        label.textContent = edge === 0 ? 'now' : formatSpan(edge * spanMs)
      const at = ({ atMs }: Mark) => positionOf(atMs, nowMs, spanMs)
      const visible = all.filter((mark) => at(mark) >= 0 && at(mark) <= 1)
      const keys = new Set(visible.map(({ key }) => key))
      for (const [key, shape] of shown) {
        if (keys.has(key)) continue
        shape.remove()
        shown.delete(key)
      }
      for (const mark of visible) showMark(mark, at(mark))
      const end = positionOf(livesUntilMs, nowMs, spanMs)
      life.style.setProperty('--share', Math.min(0.5, end - 0.5).toFixed(4))
      return visible.length > 0
    },
  }
}

function place(target: HTMLElement, position: number): void {
  target.style.setProperty('--at', position.toFixed(4))
}
