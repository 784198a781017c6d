import type { User } from '../values/user.ts'
import type { FlowDeps } from './sign-in.ts'

type TokenType = 'access_token' | 'refresh_token'

/**
 * Revokes the tokens of the user at the provider (RFC 7009), in the given order. The user stays signed in.
 *
 * @returns The user without the revoked tokens; `null` if nobody is signed in.
 */
export async function revokeTokens(
  types: readonly TokenType[],
  { connection: { auth }, users }: FlowDeps,
): Promise<User | null> {
  const account = users.account()
  if (!account) return null
  for (const type of types)
    await auth.revokeTokens({ account, types: [type === 'access_token' ? 'access' : 'refresh'] })
  return users.load()
}
