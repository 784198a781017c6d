/**
 * Makes a call that may open a popup, and finds the popup. Carnet opens it synchronously, in the call, so `window.open` is
 * observed only as long as the call runs.
 */
export function openedBy<T>(call: () => Promise<T>): {
  readonly call: Promise<T>
  readonly window: Window | undefined
} {
  const { open } = window
  let opened: Window | null = null
  window.open = (...parameters) => {
    opened = open.apply(window, parameters)
    return opened
  }
  try {
    return { call: call(), window: opened ?? undefined }
  } catch (error) {
    return { call: Promise.reject(error), window: opened ?? undefined }
  } finally {
    window.open = open
  }
}
