import { AuthError, isTransient, type TokenQuery } from '@carnet/core'
import type { MetadataSource } from '@carnet/core/network'
import type { Context } from './context.ts'

/** Checks whether the provider can be reached, with a request for its discovery document, which has no side effects. */
export function createProviderReach(
  { accounts, config, page }: Pick<Context, 'accounts' | 'config' | 'page'>,
  metadataOf: MetadataSource,
) {
  /** Rejects with a transient error if the provider cannot be reached. */
  async function assertReachable(authority: string): Promise<void> {
    const failure = await metadataOf(authority, true).catch((error: unknown) => error)
    if (!isTransient(failure)) return
    const isWrapped = failure.code === 'discovery_failed' && isTransient(failure.cause)
    const cause = isWrapped ? (failure.cause as AuthError) : failure
    if (cause.code !== 'timeout') throw cause
    throw new AuthError('network_error', 'The provider does not answer.', { cause })
  }

  return {
    assertReachable,
    /**
     * Rejects if the network is not available. The browser may be wrong about this, so a harmless request comes first. A lost
     * response to a refresh, or an iframe without a response, would cost more.
     */
    async assertOnline({ owner, authority }: TokenQuery): Promise<void> {
      const own = authority ?? accounts.record(owner)?.authority ?? config.authority
      if (!page.isOnline()) await assertReachable(own)
    },
  }
}
