import { type AccountId, accountKey } from './account.ts'

/** The key of the refresh token of an account. On Entra, one refresh token serves all tenants of a home account. */
export const refreshTokenKey = ({ environment, homeAccountId }: AccountId): string =>
  accountKey({ environment, homeAccountId, tenantId: '' })
