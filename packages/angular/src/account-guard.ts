import { Location } from '@angular/common'
import { inject } from '@angular/core'
import { type CanActivateFn, type CanMatchFn, Router } from '@angular/router'
import { type GuardOptions, requireAccount } from '@carnet/browser/guards'
import { injectAuth, isServer } from './carnet.ts'

/**
 * Creates a guard for `canActivate`, `canActivateChild` or `canMatch` of a route. It waits for the client. If no account is active, it
 * starts one sign-in, and the user comes back to the URL of the navigation, with query and fragment.
 *
 * If the sign-in fails, the guard refuses: `injectAuth().error()` is the reason. The navigation ends, but with `canMatch` the router
 * tries the next routes. Any other `AuthError` fails the navigation, for example with `interaction: 'none'`: see
 * `withNavigationErrorHandler` of the router.
 *
 * On a server every navigation passes with the status `unknown`. The guard runs again in the browser.
 */
export function accountGuard(options?: GuardOptions): CanActivateFn & CanMatchFn {
  return async () => {
    if (isServer()) return true
    const auth = injectAuth()
    const router = inject(Router)
    // Angular before 20.2 has no signal.
    const navigation = router.currentNavigation?.() ?? router.getCurrentNavigation()
    const url = navigation ? router.serializeUrl(navigation.extractedUrl) : router.url
    const target = new URL(inject(Location).prepareExternalUrl(url), document.baseURI)
    try {
      await requireAccount(auth.ready, options)(target)
      return true
    } catch (error) {
      if (error === auth.error()) return false
      throw error
    }
  }
}
