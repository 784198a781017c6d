/** Ends a session in a hidden iframe. Loads at the first use. */
import { AuthError } from '@carnet/core'
import { createHiddenFrame } from '../iframe/hidden-frame.ts'
import { addressAtHome } from '../iframe/iframe-address.ts'
import { waitForAnswer } from '../relay/wait-for-answer.ts'

const LOOK_EVERY_MS = 20

/**
 * Loads the URL of the end-session request in a hidden iframe, and resolves when the iframe is back with `state`.
 *
 * @throws AuthError `iframe_timeout`: the provider refused to be framed, or asks the user.
 */
export async function endSessionInFrame(
  url: string,
  state: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<void> {
  const frame = createHiddenFrame()
  const answering = waitForAnswer(state, signal, (fail, succeed) => {
    const tooLate = () =>
      fail(
        new AuthError(
          'iframe_timeout',
          `The sign-out in the hidden iframe did not come back within ${timeoutMs} ms.`,
        ),
      )
    const patience = setTimeout(tooLate, timeoutMs)
    // The page at the redirect URI may be without Carnet.
    const looking = setInterval(() => {
      if (addressAtHome(frame)?.searchParams.get('state') === state)
        succeed(new URLSearchParams({ state }))
    }, LOOK_EVERY_MS)
    return () => {
      clearTimeout(patience)
      clearInterval(looking)
      frame.remove()
    }
  })
  frame.src = url
  if (!signal.aborted) document.body.append(frame)
  await answering
}
