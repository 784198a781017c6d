import { AuthError } from '@carnet/core'
import type { InteractionOptions } from '../../api/options.ts'
import type { FirstPage } from '../../startup/first-page.ts'

/**
 * Stops a redirect before it starts in a framed page: most providers refuse to be framed, and the user would see an
 * empty box.
 *
 * @param cause Why the user is needed, where a silent request said so first.
 * @throws AuthError `redirect_in_iframe`, unless the app allows redirects in frames.
 */
export function assertMayRedirect(
  page: Pick<FirstPage, 'frameName'>,
  { allowRedirectInIframe = false }: InteractionOptions,
  cause?: unknown,
): void {
  if (allowRedirectInIframe || page.frameName() === undefined) return
  throw new AuthError(
    'redirect_in_iframe',
    'This page is in a frame, where a redirect would fail.',
    {
      cause,
    },
  )
}
