import {
  type AccessTokenRecord,
  type InteractionHint,
  InteractionRequiredError,
} from '@carnet/core'
import type { Runtime } from '../context/runtime.ts'

type DpopPart = Pick<Runtime, 'dpop'>

/** True at once for a token that this process can prove, and for a token that is bound to no key. */
export const isProvable = ({ dpop }: DpopPart, { jkt }: Pick<AccessTokenRecord, 'jkt'>): boolean =>
  !dpop || jkt === undefined || dpop.holds(jkt)

/** True if this client has the key of a token, or the token is bound to none. */
export const hasKeyOf = async (
  { dpop }: DpopPart,
  { jkt }: Pick<AccessTokenRecord, 'jkt'>,
): Promise<boolean> => !dpop || jkt === undefined || (await dpop.find(jkt)) !== undefined

/**
 * Checks that the client still has a key.
 *
 * @throws InteractionRequiredError with the reason `key_lost`
 */
export async function assertKey(
  runtime: DpopPart,
  jkt: string | undefined,
  hint: InteractionHint,
): Promise<void> {
  if (await hasKeyOf(runtime, { jkt })) return
  const message = 'The key of the sign-in is no longer in the store: the user must sign in again.'
  throw new InteractionRequiredError('key_lost', message, hint)
}
