/** Builds the keys that a page needs for its first token; the others are in `record-keys.ts`. */
import type { TokenOwner } from '../tokens/token-owner.ts'
import type { TokenQuery, TokenType } from '../tokens/token-record.ts'

/** A record key or tag inside a partition. */
export const keyIn = (partition: string, key: string): string => `${partition}|${key}`

/** Everything but scopes by which tokens differ. Tokens of one shelf may answer each other's queries, no others do. */
export interface Shelf {
  /** The `id` of the owner. */
  readonly owner: string
  readonly tokenType: TokenType
  /** RFC 8707 resource indicator, or on Entra the resource that the scopes name; empty for none. */
  readonly resource: string
  readonly parametersKey?: string | undefined
  readonly detailsKey?: string | undefined
}

/** The key of a shelf. The `+` and the `:` stand in no encoded resource, and keys of parameters and details are digests. */
export const shelfKey = ({
  owner,
  tokenType,
  resource,
  parametersKey,
  detailsKey,
}: Shelf): string =>
  `${owner}|${tokenType}|${encodeURIComponent(resource)}${parametersKey ? `+${parametersKey}` : ''}${detailsKey ? `:${detailsKey}` : ''}`

/** The key of the shelf on which every token is that answers `query`. */
export const queryShelfKey = ({
  owner,
  tokenType = 'Bearer',
  ...query
}: TokenQuery<TokenOwner>): string => shelfKey({ ...query, owner: owner.id, tokenType })

/** The one tag under which every token that answers `query` must be found. */
export const queryTag = (partition: string, query: TokenQuery<TokenOwner>): string =>
  keyIn(partition, `${queryShelfKey(query)}|${query.scopes[0] ?? ''}`)

/** The key of the record that names the active account. No account has this key: theirs have three parts more. */
export const activeAccountKey = (partition: string): string => keyIn(partition, 'active')
