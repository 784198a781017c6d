import type { ResponseInUrl } from '../../startup/response.ts'
import { stayInert } from '../../startup/stay-inert.ts'
import { KINDS } from '../authorization/kinds.ts'
import { goOn } from '../response/note-awaited.ts'
import { answerOf } from '../response/unusable-answer.ts'
import { postedSignOuts } from './posted-sign-outs.ts'
import { handOver } from './relay.ts'

/** How long a window may take to close before the app in it starts like any other. */
const CLOSING_MS = 1000

/**
 * Hands a response to the page that waits for it. Says whether that is done with; a response that is
 * for this page, or that nobody took, is still to be completed here. In a hidden frame, and in a
 * window that closes, it never returns: the app must not start there.
 */
export async function finishElsewhere(
  response: ResponseInUrl,
  isFramed: boolean,
): Promise<boolean> {
  const { isSilent, isSignOut, waits } = KINDS[response.kind]
  // A link may say that this page is a frame.
  if (isSilent && !isFramed) return true
  if (isSignOut && !waits) {
    postedSignOuts.noteReturn(response.state)
    return true
  }
  const receipt = await handOver(response.state, answerOf(response))
  if (isSilent) return stayInert()
  if (!receipt) return isSignOut
  if (receipt.next !== undefined) {
    goOn(receipt.next)
    return stayInert()
  }
  window.close()
  await new Promise((resolve) => setTimeout(resolve, CLOSING_MS))
  return true
}
