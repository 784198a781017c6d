import { type Child, element } from '../element.ts'

/** Terms and what they stand for, one pair a line. */
export function definitions(pairs: readonly (readonly [term: string, value: Child])[]) {
  return element(
    'dl',
    { class: 'definitions' },
    ...pairs.map(([term, value]) =>
      element('div', {}, element('dt', {}, term), element('dd', {}, value)),
    ),
  )
}
