import {
  accessTokenRecordKey,
  accessTokenTags,
  ownerTag,
  refreshTokenRecordKey,
} from '../records/record-keys.ts'
import type {
  Collection,
  RecordName,
  RecordStore,
  StoreChange,
  StoredRecord,
} from '../records/record-store.ts'
import { queryTag } from '../records/shelf-keys.ts'
import { accessTokenFormat } from './access-token-format.ts'
import { refreshTokenFormat } from './refresh-token-format.ts'
import { createTokenMirror } from './token-mirror.ts'
import { grantOwnerKey, type TokenOwner } from './token-owner.ts'
import type { AccessTokenRecord, RefreshTokenRecord, TokenQuery } from './token-record.ts'

/**
 * Refresh tokens are pruned this long after their stated end, or after they were last written: whether one has ended
 * is for the provider to say, which has the better clock.
 */
const KEPT_FOR_MS = 90 * 24 * 3_600_000

export type TokenCache = ReturnType<typeof createTokenCache>

/** The tokens of one client, with the refresh tokens behind them, and the changes that keep and remove them. */
export function createTokenCache(
  partition: string,
  store: RecordStore,
  mirror = createTokenMirror(partition, store),
  /** Whether a stored refresh token can be redeemed here. */
  holds: (token: string) => Promise<boolean> = async () => true,
) {
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
    // A grant that is bound to other parameters brings other tokens.
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

  const nameOf = ({ owner, resource, grantKey, id }: RefreshTokenRecord): RecordName => ({
    collection: 'refreshTokens',
    key: refreshKey(owner, resource, grantKey),
    tag: id,
  })

  return {
    ...mirror,
    /**
     * The refresh token for an API that the provider wants named (RFC 8707), else the general one, of the grant that is
     * bound to the request parameters of `grantKey`.
     */
    refreshToken,
    /** Every refresh token of an owner. */
    refreshTokens,
    /** The handle of one that the worker of another tab keeps. */
    async refreshTokenElsewhere({
      owner,
      resource,
      grantKey,
    }: TokenQuery<TokenOwner>): Promise<string | undefined> {
      for (const held of await refreshTokens(owner)) {
        const isFor = [resource, ''].includes(held.resource ?? '') && held.grantKey === grantKey
        if (isFor && !(await holds(held.token))) return held.token
      }
      return undefined
    },

    /** When the last of the access tokens of an owner ends; nothing where all have. */
    async lastEndMs(owner: TokenOwner, nowMs: number): Promise<number | undefined> {
      const found = await store.find('accessTokens', tagOf(owner.id))
      const ends = found.map(({ value }) => accessTokenFormat.read(value)?.expiresAtMs ?? 0)
      const endMs = Math.max(0, ...ends)
      return endMs > nowMs ? endMs : undefined
    },

    /** A refresh token that was read from the store, as long as no other has taken its place. */
    nameOf,

    /** The changes that keep a token; write them together with those of its owner. */
    keep(record: AccessTokenRecord | RefreshTokenRecord | undefined): StoreChange[] {
      if (!record) return []
      const put = (collection: Collection, kept: StoredRecord): StoreChange[] => [
        { type: 'put', collection, record: kept },
      ]
      if ('tokenType' in record)
        return put('accessTokens', {
          key: accessTokenRecordKey(partition, record),
          tags: accessTokenTags(partition, record),
          expiresAtMs: Math.max(record.expiresAtMs, record.extendedExpiresAtMs ?? 0),
          value: accessTokenFormat.write(record),
        })
      const id = crypto.randomUUID()
      return put('refreshTokens', {
        key: nameOf(record).key,
        tags: record.resource || record.grantKey ? [id, tagOf(record.owner)] : [id],
        expiresAtMs: (record.expiresAtMs ?? record.issuedAtMs) + KEPT_FOR_MS,
        value: refreshTokenFormat.write({ ...record, id }),
      })
    },

    /** The changes that delete every token that answers a question: an API refuses them. */
    superseded: (query: TokenQuery<TokenOwner>): StoreChange[] => [
      { type: 'deleteTagged', collection: 'accessTokens', tag: queryTag(partition, query) },
    ],

    /** Deletes a refresh token that the provider refused, unless another has taken its place. */
    async dropRefreshToken(owner: TokenOwner, refused: string): Promise<void> {
      for (const held of await refreshTokens(owner)) {
        const name = nameOf(held)
        if (held.token === refused) await store.write([{ type: 'delete', ...name }], name)
      }
    },

    /** The changes that remove every token of an owner; others of its home account may need the refresh token. */
    removal(owner: TokenOwner, others: readonly TokenOwner[]): StoreChange[] {
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
