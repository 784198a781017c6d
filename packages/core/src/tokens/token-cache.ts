import { queryTag } from '../records/keys/first-keys.ts'
import {
  accessTokenRecordKey,
  accessTokenTags,
  keyTag,
  ownerTag,
  refreshTokenRecordKey,
} from '../records/keys/record-keys.ts'
import type {
  RecordCondition,
  RecordStore,
  StoreChange,
  StoredRecord,
} from '../records/record-store.ts'
import { accessTokenFormat } from './access-token-format.ts'
import { refreshTokenFormat } from './refresh-token-format.ts'
import { createTokenMirror, type TokenMirror } from './token-mirror.ts'
import { grantOwnerKey, type TokenOwner } from './token-owner.ts'
import type { AccessTokenRecord, RefreshTokenRecord, TokenQuery } from './token-record.ts'

/**
 * Refresh tokens are pruned this long after their stated expiry, or after they were last written. Until then the provider
 * decides whether a refresh token has expired, because its clock is better.
 */
const KEPT_FOR_MS = 90 * 24 * 3_600_000

/**
 * The access tokens and refresh tokens of one client. Instants are milliseconds since the epoch. Methods that return
 * `StoreChange`s write nothing: the caller writes the changes. Promises reject only if the store rejects.
 */
export interface TokenCache extends TokenMirror {
  /**
   * Reads the refresh token for the query of an owner: the token for `resource` (RFC 8707), else the general token.
   *
   * @param grantKey The key of the request parameters that the grant is bound to.
   * @returns `undefined` if there is no refresh token that this tab can redeem.
   */
  refreshToken(
    owner: TokenOwner,
    resource?: string,
    grantKey?: string,
  ): Promise<RefreshTokenRecord | undefined>
  /** Reads every refresh token of an owner, in no order. */
  refreshTokens(owner: TokenOwner): Promise<RefreshTokenRecord[]>
  /** Reads every access token of an owner, also expired tokens, in no order. */
  accessTokens(owner: TokenOwner): Promise<AccessTokenRecord[]>
  /** Reads the handle of a refresh token for the query, if the worker of another tab holds the token. */
  refreshTokenElsewhere(query: TokenQuery<TokenOwner>): Promise<string | undefined>
  /** Reads the time at which the last access token of an owner expires; `undefined` if all have expired at `nowMs`. */
  lastEndMs(owner: TokenOwner, nowMs: number): Promise<number | undefined>
  /** Names a refresh token that the store returned. The name no longer matches when another token replaces it. */
  nameOf(record: RefreshTokenRecord): RecordCondition
  /** Returns the changes that store a token. Write them together with the changes of its owner. */
  keep(record: AccessTokenRecord | RefreshTokenRecord | undefined): StoreChange[]
  /** Returns the changes that delete every access token that answers the query: an API refuses them. */
  superseded(query: TokenQuery<TokenOwner>): StoreChange[]
  /** Deletes a refresh token that the provider refused, unless another token has replaced it. */
  dropRefreshToken(owner: TokenOwner, refused: string): Promise<void>
  /**
   * Returns the changes that delete every token of an owner.
   *
   * @param others The other owners. A refresh token that another owner shares is kept.
   */
  removal(owner: TokenOwner, others: readonly TokenOwner[]): StoreChange[]
}

/** Creates the token cache of one client over its store. */
export function createTokenCache(
  partition: string,
  store: RecordStore,
  mirror = createTokenMirror(partition, store),
  /** True if this tab can redeem a stored refresh token. */
  holds: (token: string) => Promise<boolean> = async () => true,
): TokenCache {
  const tagOf = (owner: string) => ownerTag(partition, owner)
  const refreshKey = (owner: string, resource?: string, grantKey?: string) =>
    refreshTokenRecordKey(partition, owner, resource, grantKey)

  async function refreshToken(
    owner: TokenOwner,
    resource?: string,
    grantKey?: string,
  ): Promise<RefreshTokenRecord | undefined> {
    const key = refreshKey(grantOwnerKey(owner), resource, grantKey)
    const held = refreshTokenFormat.read((await store.get('refreshTokens', key))?.value)
    // A grant that is bound to other parameters gives other tokens.
    if (held?.grantKey === grantKey && held && (await holds(held.token))) return held
    return resource === undefined ? undefined : refreshToken(owner, undefined, grantKey)
  }

  async function refreshTokens(owner: TokenOwner): Promise<RefreshTokenRecord[]> {
    const key = grantOwnerKey(owner)
    const stored = [
      await store.get('refreshTokens', refreshKey(key)),
      ...(await store.find('refreshTokens', tagOf(key))),
    ]
    return stored
      .flatMap((record) => refreshTokenFormat.read(record?.value) ?? [])
      .filter((record) => record.owner === key)
  }

  const nameOf = ({ owner, resource, grantKey, id }: RefreshTokenRecord): RecordCondition => ({
    collection: 'refreshTokens',
    key: refreshKey(owner, resource, grantKey),
    tag: id,
  })

  return {
    ...mirror,
    refreshToken,
    refreshTokens,
    accessTokens: (owner) => accessTokensOf(owner, partition, store),
    nameOf,

    async refreshTokenElsewhere({ owner, resource, grantKey }) {
      for (const held of await refreshTokens(owner)) {
        const isFor = [resource, ''].includes(held.resource ?? '') && held.grantKey === grantKey
        if (isFor && !(await holds(held.token))) return held.token
      }
      return undefined
    },

    async lastEndMs(owner, nowMs) {
      const found = await accessTokensOf(owner, partition, store)
      const endMs = Math.max(0, ...found.map(({ expiresAtMs }) => expiresAtMs))
      return endMs > nowMs ? endMs : undefined
    },

    keep(record) {
      if (!record) return []
      const put: StoreChange =
        'tokenType' in record
          ? {
              type: 'put',
              collection: 'accessTokens',
              record: storedAccessToken(partition, record),
            }
          : {
              type: 'put',
              collection: 'refreshTokens',
              record: storedRefreshToken(partition, record, nameOf(record).key),
            }
      return [put]
    },

    superseded: (query) => [
      { type: 'deleteTagged', collection: 'accessTokens', tag: queryTag(partition, query) },
    ],

    async dropRefreshToken(owner, refused) {
      for (const held of await refreshTokens(owner)) {
        const name = nameOf(held)
        if (held.token === refused) await store.write([{ type: 'delete', ...name }], name)
      }
    },

    removal(owner, others) {
      const key = grantOwnerKey(owner)
      const isShared = others.some((other) => grantOwnerKey(other) === key)
      return [
        { type: 'deleteTagged', collection: 'accessTokens', tag: tagOf(owner.id) },
        ...(isShared
          ? []
          : ([
              { type: 'delete', collection: 'refreshTokens', key: refreshKey(key) },
              { type: 'deleteTagged', collection: 'refreshTokens', tag: tagOf(key) },
            ] as const)),
      ]
    },
  }
}

/** Reads the access tokens of an owner. Tags are not sealed: the value names the owner. */
async function accessTokensOf(
  owner: TokenOwner,
  partition: string,
  store: Pick<RecordStore, 'find'>,
): Promise<AccessTokenRecord[]> {
  const stored = await store.find('accessTokens', ownerTag(partition, owner.id))
  return stored
    .flatMap(({ value }) => accessTokenFormat.read(value) ?? [])
    .filter((record) => record.owner === owner.id)
}

const storedAccessToken = (partition: string, record: AccessTokenRecord): StoredRecord => ({
  key: accessTokenRecordKey(partition, record),
  tags: accessTokenTags(partition, record),
  expiresAtMs: Math.max(record.expiresAtMs, record.extendedExpiresAtMs ?? 0),
  value: accessTokenFormat.write(record),
})

/** Gives a refresh token an id of its own: `nameOf` tells it from the token that replaces it. */
function storedRefreshToken(
  partition: string,
  record: RefreshTokenRecord,
  key: string,
): StoredRecord {
  const id = crypto.randomUUID()
  const isBound = record.resource || record.grantKey
  return {
    key,
    tags: [
      id,
      ...(isBound ? [ownerTag(partition, record.owner)] : []),
      ...(record.jkt === undefined ? [] : [keyTag(partition, record.jkt)]),
    ],
    expiresAtMs: (record.expiresAtMs ?? record.issuedAtMs) + KEPT_FOR_MS,
    value: refreshTokenFormat.write({ ...record, id }),
  }
}
