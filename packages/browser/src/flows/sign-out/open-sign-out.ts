/** Signs out, with all that it takes. Loads at the first sign-out. */
import type { Context } from '../../context/context.ts'
import type { Flows, FlowsDeps } from '../interaction/create-flows.ts'
import { createEndSession } from './end-session.ts'
import { createSignOut, type SignOut, type SignOutDeps } from './sign-out.ts'

/** Creates the sign-out of a client on the parts of its other interactions. */
export function openSignOut(
  context: Context,
  { metadataOf, memory }: Pick<FlowsDeps, 'metadataOf' | 'memory'>,
  { popups, loops, ...interaction }: Flows['shared'],
  parts: Pick<SignOutDeps, 'revoke' | 'removeAccount'>,
): SignOut {
  const endSession = createEndSession(context, metadataOf, popups, memory, loops)
  return createSignOut(context, { ...interaction, ...parts, endSession })
}
