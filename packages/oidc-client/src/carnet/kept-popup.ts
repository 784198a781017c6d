/** The function of a kept popup that its opener calls when the call for the popup has ended. */
const CALL_ENDED = 'carnetCallEnded'

type KeptWindow = Window & { [CALL_ENDED]?: () => void }

/**
 * Keeps this popup open until this page has passed its response on, and the call of its opener has ended: until then, this page and
 * the opener close the popup when they have the response. In a click of the user, the app can close the popup at any time.
 *
 * @returns The function to call when the response was passed on. True says that an opener has taken it.
 */
export function keepPopupOpen(): (isTaken: boolean) => void {
  const { close } = window
  let isPassed = false
  let hasEnded = false
  const letClose = () => {
    if (isPassed && hasEnded) window.close = close
  }
  window.close = () => {
    if (navigator.userActivation?.isActive) close.call(window)
  }
  const kept: KeptWindow = window
  kept[CALL_ENDED] = () => {
    hasEnded = true
    letClose()
  }
  return (isTaken) => {
    isPassed = true
    hasEnded ||= !isTaken
    letClose()
  }
}

/** Tells a popup, if it is kept open, that the call for it has ended. */
export function noteCallEnded(popup: Window | null): void {
  try {
    const kept: KeptWindow | null = popup
    kept?.[CALL_ENDED]?.()
  } catch {
    // The popup shows a page of another origin: no page keeps it open.
  }
}
