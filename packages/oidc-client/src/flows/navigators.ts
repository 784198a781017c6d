import type * as Original from 'oidc-client-ts'
import type { Leave } from '../carnet/connection.ts'
import type { UserManagerSettingsStore } from '../values/settings.ts'

/** The ways in which an app leaves the page. */
export interface RedirectHow {
  readonly redirectMethod?: 'replace' | 'assign' | undefined
  readonly redirectTarget?: 'top' | 'self' | undefined
}

/** Resolves if the page is shown again: from the back-forward cache, or because the user stayed. */
const shownAgain = (): Promise<unknown> =>
  new Promise((resolve) => addEventListener('pageshow', resolve, { once: true }))

/** A navigation in progress, or the answer of a navigator of the app. */
export interface Departure {
  /** The function for Carnet; `undefined` if Carnet navigates. */
  readonly leave: Leave | undefined
  /** Resolves with the URL of the response, or without one if the page is shown again. */
  readonly done: Promise<string | undefined>
  /** Closes the window of a navigator whose request has failed. */
  close(): void
}

/**
 * Prepares to leave the page: by Carnet, by the method of the app, or by a navigator of the app.
 *
 * @param rewrite Changes the URL of the request.
 */
export async function prepareDeparture(
  how: RedirectHow & Original.PopupWindowParams,
  settings: UserManagerSettingsStore,
  {
    navigator,
    rewrite,
  }: {
    navigator?: Original.INavigator | undefined
    rewrite?: ((url: URL) => Promise<void>) | undefined
  },
): Promise<Departure> {
  const { redirectMethod = settings.redirectMethod, redirectTarget = settings.redirectTarget } = how
  const isPlain = redirectMethod === 'assign' && redirectTarget === 'self'
  const never = new Promise<undefined>(() => undefined)
  if (!navigator && !rewrite && isPlain)
    return { leave: undefined, done: never, close: () => undefined }
  const { popupWindowFeatures, popupWindowTarget, popupSignal, popupAbortOnClose } = how
  const handle = await navigator?.prepare({
    ...{ redirectMethod, redirectTarget },
    ...{ popupWindowFeatures, popupWindowTarget, popupSignal, popupAbortOnClose },
  })
  let settle: (url: Promise<string | undefined>) => void = () => undefined
  const done = new Promise<string | undefined>((resolve) => {
    settle = resolve
  })
  return {
    async leave(text) {
      const url = new URL(text)
      await rewrite?.(url)
      const state = url.searchParams.get('state') ?? ''
      if (handle) settle(handle.navigate({ url: url.href, state }).then((answer) => answer.url))
      else {
        settle(shownAgain().then(() => undefined))
        const target = redirectTarget === 'top' ? (window.top ?? window) : window
        target.location[redirectMethod](url.href)
      }
      return false
    },
    done,
    close: () => handle?.close(),
  }
}
