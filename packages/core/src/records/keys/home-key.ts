/** The `refreshTokenKey` of an account, from its `accountKey`: the same without the tenant. */
export const homeKeyIn = (account: string): string => account.slice(0, account.lastIndexOf('|') + 1)
