import type { InteractiveRequest } from '../api/requests.ts'
import type { ClickPart, Engine } from './engine-api.ts'
import type { EngineLoader } from './engine-loader.ts'
import { loaded } from './page/loaded.ts'
import { type OpenedPopup, openPopupInClick } from './page/open-popup.ts'
import { sharedOnPage, shareOnPage } from './page/shared-on-page.ts'
import type { StartContext } from './start-context.ts'

/**
 * Passes a call that may open a popup to the engine. Until the part for it is loaded, the popup is opened here: browsers allow
 * that only before the click waits for anything. While the page has a popup open, the engine decides whether another request
 * joins it.
 */
export function createClicks(
  context: StartContext,
  { engine, start, callEngine, assertOpen }: EngineLoader,
) {
  const { mark, interaction: options } = context.config

  async function prepared(part: ClickPart): Promise<Engine> {
    const there = await start()
    await there.prepare(part)
    return there
  }

  return async function callInClick<T>(
    request: Pick<InteractiveRequest, 'openPopup' | 'popupFeatures'> & {
      interaction?: unknown
      signal?: unknown
    },
    call: (engine: Engine, opened?: OpenedPopup) => Promise<T>,
    part: ClickPart = 'authorization',
  ): Promise<T> {
    const there = engine()
    const ready = there?.isPrepared(part) ? there : undefined
    const before = sharedOnPage('window1', mark)
    if (before && !ready) await Promise.allSettled([before])
    if (before || request.interaction !== 'popup') return callEngine(call)
    assertOpen()
    if (!ready && part === 'authorization') there?.assertAskable(request)
    const opened = ready
      ? undefined
      : openPopupInClick(request.popupFeatures ?? options.popupFeatures, request.openPopup)
    const loading = prepared(part)
    const arriving = opened
      ? whileLoading(context, opened.window, request.signal, loading)
      : loading
    shareOnPage('window1', mark, arriving)
    try {
      return await call(ready ?? (await arriving), opened)
    } finally {
      shareOnPage('window1', mark, undefined)
      opened?.window.close() // A popup that no interaction used is still open.
    }
  }
}

/**
 * Waits for the engine until the user closes the popup, or `signal` aborts. Then the interaction fails here, because there is
 * no engine to report it.
 */
async function whileLoading(
  context: StartContext,
  window: Window,
  signal: unknown,
  loading: Promise<Engine>,
): Promise<Engine> {
  loading.catch(() => undefined) // During the import, no other handler sees a rejection.
  const { whileUnloaded } = await loaded(import('../flows/popup/while-unloaded.ts'))
  return whileUnloaded(context, window, signal, loading)
}
