import type { InteractiveRequest } from '@carnet/browser'
import type { PopupWindowParams } from 'oidc-client-ts'
import type { UserManagerSettingsStore } from '../values/settings.ts'
import { secondsToMs } from '../values/timer.ts'
import { noteCallEnded } from './kept-popup.ts'
import { popupFeatures } from './popup-features.ts'

type Settings = Pick<UserManagerSettingsStore, 'popupWindowFeatures' | 'popupWindowTarget'>

/** The popup of one call, as the app wants it. */
export interface CallPopup {
  /** The fields of a request for its popup. */
  readonly how: Pick<InteractiveRequest, 'popupFeatures' | 'openPopup'>
  /** Aborts when the app or the time limit ends the popup. */
  readonly signal: AbortSignal
  /** Waits for a call with this popup. If the popup was ended, the call rejects with the text of `oidc-client-ts`. */
  during<T>(call: Promise<T>): Promise<T>
}

/**
 * Prepares the popup of a call: its features, the name of its window, the time after which it closes, and the signal of the app.
 * Arguments override settings.
 */
export function createCallPopup(
  {
    popupWindowFeatures: features,
    popupWindowTarget: target,
    popupSignal: stopping,
  }: PopupWindowParams,
  settings: Settings,
): CallPopup {
  const { closePopupWindowAfterInSeconds = -1 } = features ?? settings.popupWindowFeatures
  const name = target ?? settings.popupWindowTarget
  const ended = new AbortController()
  let opened: Window | null = null
  let timer: ReturnType<typeof setTimeout> | undefined

  function end(text: string): void {
    ended.abort(text)
    opened?.close()
  }

  /** The browser may open the popup again: then its time begins again. */
  function openPopup(how: string): Window | null {
    opened = window.open('about:blank', name, how)
    clearTimeout(timer)
    if (closePopupWindowAfterInSeconds > 0)
      timer = setTimeout(end, secondsToMs(closePopupWindowAfterInSeconds), 'Popup closed')
    return opened
  }

  const abort = () => end(String(stopping?.reason ?? 'Popup aborted'))
  if (stopping?.aborted) abort()
  stopping?.addEventListener('abort', abort, { once: true })

  return {
    how: { popupFeatures: popupFeatures(features), openPopup },
    signal: ended.signal,
    async during(call) {
      try {
        const result = await call
        // A sign-out whose popup is closed does not reject.
        ended.signal.throwIfAborted()
        return result
      } catch (error) {
        if (!ended.signal.aborted) throw error
        throw new Error(ended.signal.reason, { cause: error })
      } finally {
        clearTimeout(timer)
        noteCallEnded(opened)
        stopping?.removeEventListener('abort', abort)
      }
    },
  }
}
