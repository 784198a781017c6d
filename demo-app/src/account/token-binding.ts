import { element } from '../ui/element.ts'

const KEY = 'carnet-demo.bound'

/** True if the user wants tokens that are bound to a key of this browser (RFC 9449). Without storage they are not bound. */
export function wantsBoundTokens(): boolean {
  try {
    return sessionStorage.getItem(KEY) === 'true'
  } catch {
    return false
  }
}

/** Lets the user choose bound tokens. The choice needs a new client, so the page reloads. */
export function createTokenBinding(): HTMLElement {
  const box = element('input', { type: 'checkbox', checked: wantsBoundTokens() })
  box.addEventListener('change', () => {
    try {
      sessionStorage.setItem(KEY, String(box.checked))
    } catch {
      // If storage is blocked or full, the client stays.
    }
    location.reload()
  })
  return element(
    'div',
    { class: 'how-to-ask' },
    element('label', {}, box, 'Bind tokens to this browser'),
  )
}
