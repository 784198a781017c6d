import type { AppContext } from '../context/app-context.ts'
import { EventType } from '../names/constants.ts'

/** Makes a call, and emits the event of its popup. */
export async function withPopup<T>(
  correlationId: string,
  context: Pick<AppContext, 'auth' | 'events'>,
  call: () => Promise<T>,
): Promise<T> {
  const stop = context.auth().on('popupOpened', ({ window, correlationId: id }) => {
    if (id !== correlationId) return
    const payload = { popupWindow: window }
    context.events.emitEvent(EventType.POPUP_OPENED, correlationId, 'popup', payload)
  })
  try {
    return await call()
  } finally {
    stop()
  }
}
