import { element } from '../ui/element.ts'
import type { Interaction, InteractionChoice } from './interaction-choice.ts'

const WAYS: readonly (readonly [Interaction, string])[] = [
  ['redirect', 'Redirect'],
  ['popup', 'Popup'],
]

/** Lets the user choose between redirect and popup for all interactions. */
export function createHowToAsk(choice: InteractionChoice): HTMLElement {
  return element(
    'fieldset',
    { class: 'how-to-ask' },
    element('legend', {}, 'Interaction'),
    ...WAYS.map(([way, label]) => {
      const radio = element('input', {
        type: 'radio',
        name: 'how-to-ask',
        value: way,
        checked: choice.current() === way,
      })
      radio.addEventListener('change', () => choice.choose(way))
      return element('label', {}, radio, label)
    }),
  )
}
