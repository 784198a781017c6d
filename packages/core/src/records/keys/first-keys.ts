/** The keys that a page needs for its first token. The page loads this file first, so it is small. */

/** A record key or tag inside a partition. */
export const keyIn = (partition: string, key: string): string => `${partition}|${key}`

/** The properties, besides scopes, that tell tokens apart. A token answers only queries with the same properties. */
export interface TokenSet {
  /** The `id` of the owner. */
  readonly owner: string
  readonly tokenType: string
  /** The type that the query asked for. Default: the type of the token. */
  readonly askedType?: string | undefined
  /** The resource indicator (RFC 8707), or on Entra the resource that the scopes name; empty for none. */
  readonly resource: string
  readonly parametersKey?: string | undefined
  readonly detailsKey?: string | undefined
}

/** The key of a token set. It is unambiguous: an encoded resource contains no `+` and no `:`, and the other keys are digests. */
export const keyOfTokenSet = ({
  owner,
  tokenType,
  askedType = tokenType,
  resource,
  parametersKey,
  detailsKey,
}: TokenSet): string =>
  `${owner}|${askedType}|${encodeURIComponent(resource)}${parametersKey ? `+${parametersKey}` : ''}${detailsKey ? `:${detailsKey}` : ''}`

/** The part of a token query that keys are built from. */
export interface TokenSetQuery extends Omit<TokenSet, 'owner' | 'tokenType' | 'askedType'> {
  readonly owner: { readonly id: string }
  readonly tokenType?: string | undefined
}

/** The key of the token set with every token that can answer `query`. */
export const tokenSetKey = ({ owner, tokenType = 'Bearer', ...query }: TokenSetQuery): string =>
  keyOfTokenSet({ ...query, owner: owner.id, tokenType })

/** A tag that every token that can answer `query` carries. */
export const queryTag = (
  partition: string,
  query: TokenSetQuery & { readonly scopeKeys: readonly string[] },
): string => keyIn(partition, `${tokenSetKey(query)}|${query.scopeKeys[0] ?? ''}`)

/** The tag of every authorization code in the journal: a page that starts finds the codes that no page has finished. */
export const journalTag = (partition: string): string => keyIn(partition, 'journal')

/** The key of the record that names the active account. No account has this key: account keys have more parts. */
export const activeAccountKey = (partition: string): string => keyIn(partition, 'active')

/** True for the record key of a token in a token set. */
export const isInTokenSet = (key: string, partition: string, shelf: string): boolean =>
  key.startsWith(keyIn(partition, shelf))
