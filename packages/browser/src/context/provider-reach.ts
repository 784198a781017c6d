import { AuthError, isTransient, type TokenQuery } from '@carnet/core'
import type { MetadataSource } from '@carnet/core/network'
import type { Runtime } from './runtime.ts'

/** Finds out whether the provider can be reached: by its discovery document, a public document without side effects. */
export function createProviderReach(
  { accounts, config, page }: Pick<Runtime, 'accounts' | 'config' | 'page'>,
  metadataOf: MetadataSource,
) {
  /** Rejects with a failure that passes where the provider cannot be reached. */
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
     * Rejects where the network is gone. The browser may be wrong about that, so it is tried first: a refresh token whose
     * answer is lost, and a frame that loads nothing, would cost more.
     */
    async assertOnline({ owner, authority }: TokenQuery): Promise<void> {
      const own = authority ?? accounts.record(owner)?.authority ?? config.authority
      if (!page.isOnline()) await assertReachable(own)
    },
  }
}
