import { AuthError } from '@carnet/core'
import type { InteractionOptions } from '../../api/options.ts'
import type { FirstPage } from '../../startup/page/first-page.ts'

/**
 * Refuses a redirect in an iframe before it starts: most providers refuse to be framed, and the user would see an empty box.
 *
 * @param cause The error of the silent request that needs the user, if there was one.
 * @throws AuthError `redirect_in_iframe`, unless the app allows redirects in iframes.
 */
export function assertMayRedirect(
  page: Pick<FirstPage, 'frameName'>,
  { allowRedirectInIframe = false }: InteractionOptions,
  cause?: unknown,
): void {
  if (allowRedirectInIframe || page.frameName() === undefined) return
  throw new AuthError(
    'redirect_in_iframe',
    'This page is in an iframe, where a redirect would fail.',
    {
      cause,
    },
  )
}
