import { AuthError } from '@carnet/core'
import type { InteractionOptions, LeaveDetails } from '../../api/options.ts'

/**
 * Asks the app before the page is left.
 *
 * @throws AuthError `navigation_stopped` if the function of the app throws.
 */
export async function mayLeave(
  { leave }: Pick<InteractionOptions, 'leave'>,
  url: string,
  kind: LeaveDetails['kind'],
): Promise<boolean> {
  try {
    return (await leave?.(url, { kind })) !== false
  } catch (cause) {
    throw new AuthError('navigation_stopped', '`interaction.leave` threw an error.', { cause })
  }
}
