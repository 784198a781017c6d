import { type Child, element } from './element.ts'

/** A list of terms and values, one pair per line. */
export function definitions(pairs: readonly (readonly [term: string, value: Child])[]) {
  return element(
    'dl',
    { class: 'definitions' },
    ...pairs.map(([term, value]) =>
      element('div', {}, element('dt', {}, term), element('dd', {}, value)),
    ),
  )
}
