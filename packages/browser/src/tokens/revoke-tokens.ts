/** Revokes the tokens of an account that stays signed in. Loads at the first use. */
import { AuthError, accountKey, notSignedIn, refreshLockName, refreshTokenKey } from '@carnet/core'
import type { RevokeRequest } from '../api/requests.ts'
import type { Context } from '../context/context.ts'

type Revoke = (
  token: string,
  authority: string,
  hint: 'refresh_token' | 'access_token',
) => Promise<void>

/**
 * Revokes the cached tokens of an account at the provider, and removes each revoked token. It holds the lock of the renewals, so
 * that no renewal rotates a refresh token meanwhile.
 *
 * @throws AuthError `revocation_failed`; tokens that could not be revoked stay.
 */
export async function revokeTokens(
  { account: asked, types = ['refresh', 'access'] }: RevokeRequest,
  { accounts, cache, channel, config, platform, store }: Context,
  revoke: Revoke,
): Promise<void> {
  const owner = asked ?? accounts.active()
  if (!owner) throw new AuthError('no_account', 'No user is signed in, or no account is active.')
  const record = accounts.record(owner)
  if (!record) throw notSignedIn()
  const { account, authority } = record
  await platform.withLock(refreshLockName(config.group, refreshTokenKey(account)), async () => {
    if (types.includes('refresh'))
      for (const { token } of await cache.refreshTokens(account)) {
        await revoke(token, authority, 'refresh_token')
        await cache.dropRefreshToken(account, token)
      }
    if (!types.includes('access')) return
    const nowMs = platform.now()
    for (const { token, expiresAtMs } of await cache.accessTokens(account))
      if (token !== '' && expiresAtMs > nowMs) await revoke(token, authority, 'access_token')
    // An owner that shares the refresh token keeps it.
    await store.write(cache.removal(account, [account]))
    cache.forget(accountKey(account))
    channel.post({ type: 'accountsChanged', account: accountKey(account) })
  })
}
