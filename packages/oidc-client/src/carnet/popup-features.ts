import type { PopupWindowFeatures } from 'oidc-client-ts'

/** The widest popup of these that leaves enough of the page visible. */
const WIDTHS = [800, 720, 600, 480]
const SMALLEST_WIDTH = 360
const GOLDEN_RATIO = 1.618

/** The features of `window.open` for a popup, centred over the page unless the app places it. */
export function popupFeatures(features: PopupWindowFeatures | undefined): string | undefined {
  if (!features || typeof window === 'undefined') return undefined
  const { outerWidth, outerHeight, screenX, screenY } = window
  const fits = (width: number) => width <= outerWidth / GOLDEN_RATIO
  const { closePopupWindowAfterInSeconds: _, ...given } = features
  const { width = WIDTHS.find(fits) ?? SMALLEST_WIDTH, height = 640 } = given
  const centre = {
    width,
    height,
    left: Math.max(0, Math.round(screenX + (outerWidth - width) / 2)),
    top: Math.max(0, Math.round(screenY + (outerHeight - height) / 2)),
  }
  return Object.entries({ location: false, toolbar: false, ...centre, ...given })
    .filter(([, value]) => value !== undefined)
    .map(
      ([name, value]) => `${name}=${typeof value === 'boolean' ? (value ? 'yes' : 'no') : value}`,
    )
    .join(',')
}
