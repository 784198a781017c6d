import { element } from './element.ts'
import { hrefOf } from './router.ts'

/** The name of the app, which leads to its start. */
export const brand = () =>
  element(
    'a',
    { class: 'brand', href: hrefOf('home') },
    element('img', { src: '/carnet.svg', alt: '', width: 32, height: 32 }),
    'Carnet',
  )
