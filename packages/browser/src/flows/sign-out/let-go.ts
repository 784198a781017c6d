import { type Account, type AccountRecord, notSignedIn, refreshTokenKey } from '@carnet/core'
import type { SignOutRequest } from '../../api/requests.ts'
import type { Context } from '../../context/context.ts'
import type { RemoveAccount } from '../../context/remove-account.ts'

/** The functions that remove accounts. */
export interface LetGoDeps {
  /** Revokes the refresh token at the provider (RFC 7009). */
  revoke(refreshToken: string, authority: string): Promise<void>
  readonly removeAccount: RemoveAccount
}

/** Returns the record of a signed-in account. @throws AuthError `account_not_found` */
export const createRecordOf =
  ({ accounts }: Pick<Context, 'accounts'>) =>
  (account: Account): AccountRecord => {
    const record = accounts.record(account)
    if (!record) throw notSignedIn()
    return record
  }

/**
 * Creates the removal of accounts at a sign-out. It removes an account here, or all accounts (`undefined`), and resolves with the
 * failure of a requested revocation.
 */
export function createLetGo(
  { accounts, cache }: Pick<Context, 'accounts' | 'cache'>,
  { revoke, removeAccount }: LetGoDeps,
) {
  const recordOf = createRecordOf({ accounts })

  function endingWith(account: Account | undefined, interaction: unknown): readonly Account[] {
    if (!account) return accounts.list()
    const key = refreshTokenKey(recordOf(account).account)
    // The session belongs to the user: remove the accounts of all tenants.
    return interaction === 'none'
      ? [account]
      : accounts.list().filter((other) => refreshTokenKey(other) === key)
  }

  return async function letGo(
    account: Account | undefined,
    { interaction, revoke: revokes, correlationId }: SignOutRequest,
  ): Promise<unknown> {
    const ending = endingWith(account, interaction)
    // Accounts of several tenants share a refresh token.
    const authorities = new Map<string, string>()
    const owners = account ? [account] : ending
    for (const owner of revokes ? owners : []) {
      const record = recordOf(owner)
      for (const { token } of await cache.refreshTokens(record.account))
        authorities.set(token, record.authority)
    }
    for (const other of ending) await removeAccount(other, true, correlationId)
    const revoking = [...authorities].map(([token, authority]) => revoke(token, authority))
    return Promise.all(revoking).then(
      () => undefined,
      (error: unknown) => error,
    )
  }
}
