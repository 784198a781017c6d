/** The popup-relay page of `@azure/msal-browser` 5. Carnet needs none: it opens the provider itself. */
import { broadcastResponseToMainFrame } from './redirect-bridge.ts'

/** Passes a response on, if the page is also the redirect URI. */
export const runPopupRelay = (): Promise<void> => broadcastResponseToMainFrame()
