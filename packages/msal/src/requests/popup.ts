import type { PopupRequest } from '@azure/msal-browser'
import type { InteractiveRequest } from '@carnet/browser'

const WIDTH = 483
const HEIGHT = 600

/** The position and the size of the window that opens a popup. */
type Frame = Pick<Window, 'screenX' | 'screenY' | 'innerWidth' | 'innerHeight'>

/** Converts the fields of a request for its popup. Without them, the popup is that of Carnet. */
export function toPopup({
  popupWindowAttributes,
  popupWindowParent,
}: Pick<PopupRequest, 'popupWindowAttributes' | 'popupWindowParent'>): Pick<
  InteractiveRequest,
  'popupFeatures' | 'openPopup'
> {
  if (!popupWindowAttributes && !popupWindowParent) return {}
  return {
    popupFeatures: featuresOf(popupWindowAttributes ?? {}, popupWindowParent ?? window),
    ...(popupWindowParent && {
      openPopup: (features) => popupWindowParent.open('about:blank', '_blank', features),
    }),
  }
}

/**
 * The features of `window.open`. A size that is missing, or larger than the window that opens the popup, becomes the default size. A
 * position that is missing, or outside of this window, becomes its centre.
 */
export function featuresOf(
  { popupSize, popupPosition }: NonNullable<PopupRequest['popupWindowAttributes']>,
  { screenX, screenY, innerWidth, innerHeight }: Frame,
): string {
  const centre = (size: number, popup: number, start: number) =>
    Math.max(0, Math.round(size / 2 - popup / 2 + start))
  const width = within(popupSize?.width, innerWidth) ?? WIDTH
  const height = within(popupSize?.height, innerHeight) ?? HEIGHT
  const top = within(popupPosition?.top, innerHeight) ?? centre(innerHeight, HEIGHT, screenY)
  const left = within(popupPosition?.left, innerWidth) ?? centre(innerWidth, WIDTH, screenX)
  return `popup,width=${width},height=${height},top=${top},left=${left}`
}

/** The value, if it is positive and fits. */
const within = (value: number | undefined, limit: number): number | undefined =>
  value && value > 0 && value <= limit ? value : undefined
