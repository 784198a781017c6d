import { FRAME_NAME } from '../../startup/page/frame-name.ts'
import { stayInert } from '../../startup/page/stay-inert.ts'
import type { ResponseInUrl } from '../../startup/response.ts'
import { KINDS } from '../authorization/kinds.ts'
import { goOn } from '../response/note-awaited.ts'
import { answerOf } from '../response/unusable-answer.ts'
import { noteSignedOut } from './posted-sign-outs.ts'
import { handOver } from './relay.ts'

/** The limit for the popup to close; after it, the app in the popup starts normally. */
const CLOSING_MS = 1000

/**
 * Delivers a response to the page that waits for it. Returns true if the response is done. A response of this page, or a
 * response that no page took, must still be completed here. In a hidden iframe, and in a popup that closes, it never resolves,
 * because the app must not start there.
 */
export async function deliverResponse(
  response: ResponseInUrl,
  isFramed: boolean,
): Promise<boolean> {
  const { isSilent, isSignOut, waits } = KINDS[response.kind]
  // A forged link may claim that this page is an iframe.
  if (isSilent && !isFramed) return true
  if (isSignOut && !waits) {
    noteSignedOut(response.state)
    return true
  }
  const receipt = await handOver(response.state, answerOf(response))
  // The page that created the hidden iframe removes it.
  if (isSilent || (isSignOut && window.name === FRAME_NAME)) return stayInert()
  if (!receipt) return isSignOut
  if (receipt.next !== undefined) {
    goOn(receipt.next)
    return stayInert()
  }
  window.close()
  await new Promise((resolve) => setTimeout(resolve, CLOSING_MS))
  return true
}
