import { element } from '../element.ts'

/** What takes less is not worth a word: windows and frames that hand over a response are gone by then. */
const QUIET_MS = 300

/** Shows a line while the client starts, if that takes long. Returns the way to stop. */
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
