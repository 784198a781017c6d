/** The page for popups and hidden iframes, as the documentation of oidc-client-ts shows it: without settings. */
import { UserManager, type UserManagerSettings } from 'oidc-client-ts'

const manager = new UserManager({} as UserManagerSettings)
void (window.parent === window ? manager.signinPopupCallback() : manager.signinSilentCallback())
