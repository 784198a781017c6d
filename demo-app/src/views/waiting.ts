import { element } from '../ui/element.ts'

/** A shorter wait shows no text. Popups and iframes with a response close within this time. */
const QUIET_MS = 300

/** Shows a text if the start of the client takes long. The returned function removes it. */
export function showWaiting(): () => void {
  const line = element('p', { class: 'waiting', role: 'status' })
  document.body.append(line)
  const timer = setTimeout(() => {
    line.textContent = 'One moment…'
  }, QUIET_MS)
  return () => {
    clearTimeout(timer)
    line.remove()
  }
}
