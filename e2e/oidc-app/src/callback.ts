/** The page for popups and hidden iframes, as the documentation of oidc-client-ts shows it: without settings. */
import { UserManager, type UserManagerSettings } from 'oidc-client-ts'

const manager = new UserManager({} as UserManagerSettings)
/** A story may want to look at the popup. */
const keepOpen = localStorage.getItem('keepOpen') !== null
const passing =
  window.parent === window
    ? manager.signinPopupCallback(location.href, keepOpen)
    : manager.signinSilentCallback()
void passing.then(() => {
  document.title = 'Passed'
})
