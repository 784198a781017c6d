import type { Account } from '@carnet/core'
import type { ProviderMetadata } from '@carnet/core/network'
import type { Context } from '../../context/context.ts'

/**
 * The key for the code and the tokens. A request for a known account uses the key of its grant, if the account has one.
 *
 * @param leaves True if the page leaves for the provider.
 */
export async function keyFor(
  account: Account | undefined,
  metadata: ProviderMetadata,
  leaves: boolean,
  { cache, dpop }: Context,
): Promise<string | undefined> {
  if (!dpop) return undefined
  const held = account ? await cache.refreshTokens(account) : []
  const known = held.find((token) => token.jkt !== undefined)?.jkt
  return (await dpop.get()).keyFor(metadata, known, leaves)
}
