import { FRAME_NAME } from '../../startup/page/frame-name.ts'

/** Creates an iframe that nobody sees, and that cannot navigate the page. */
export function createHiddenFrame(): HTMLIFrameElement {
  const frame = document.createElement('iframe')
  frame.name = FRAME_NAME
  frame.hidden = true
  frame.setAttribute('aria-hidden', 'true')
  frame.setAttribute('sandbox', 'allow-scripts allow-same-origin allow-forms')
  return frame
}
