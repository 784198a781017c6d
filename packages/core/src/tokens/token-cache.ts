import type { Account } from '../accounts/account.ts'
import { accountKey, refreshTokenKey } from '../accounts/account.ts'
import { keyIn } from '../records/partition.ts'
import { refreshTokenRecordKey } from '../records/record-keys.ts'
import type {
  Collection,
  RecordName,
  RecordStore,
  StoreChange,
  StoredRecord,
} from '../records/record-store.ts'
import { parseAccessTokenRecord } from './parse-access-token.ts'
import { parseRefreshTokenRecord } from './parse-refresh-token.ts'
import { accessTokenKey, accessTokenTags } from './token-keys.ts'
import { createTokenMirror } from './token-mirror.ts'
import {
  type AccessTokenRecord,
  type RefreshTokenRecord,
  type TokenQuery,
  tagOfQuery,
} from './token-record.ts'

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
  const own = (key: string) => keyIn(partition, key)
  const refreshKey = (account: string, resource?: string, grantKey?: string) =>
    refreshTokenRecordKey(partition, account, resource, grantKey)

  async function refreshToken(
    account: Account,
    resource?: string,
    grantKey?: string,
  ): Promise<RefreshTokenRecord | undefined> {
    const key = refreshKey(refreshTokenKey(account), resource, grantKey)
    const held = parseRefreshTokenRecord((await store.get('refreshTokens', key))?.value)
    // A grant that is bound to other parameters brings other tokens.
    if (held?.grantKey === grantKey && held && (await holds(held.token))) return held
    return resource === undefined ? undefined : refreshToken(account, undefined, grantKey)
  }

  async function refreshTokens(account: Account): Promise<RefreshTokenRecord[]> {
    const key = refreshTokenKey(account)
    const stored = [
      await store.get('refreshTokens', own(key)),
      ...(await store.find('refreshTokens', own(key))),
    ]
    return stored
      .flatMap((record) => parseRefreshTokenRecord(record?.value) ?? [])
      .filter((record) => record.account === key)
  }

  const nameOf = ({ account, resource, grantKey, id }: RefreshTokenRecord): RecordName => ({
    collection: 'refreshTokens',
    key: refreshKey(account, resource, grantKey),
    tag: id,
  })

  return {
    ...mirror,
    /**
     * The refresh token for an API that the provider wants named (RFC 8707), else the general one, of the grant that is
     * bound to the request parameters of `grantKey`.
     */
    refreshToken,
    /** Every refresh token of an account. */
    refreshTokens,
    /** The handle of one that the worker of another tab keeps. */
    async refreshTokenElsewhere({
      account,
      resource,
      grantKey,
    }: TokenQuery): Promise<string | undefined> {
      for (const held of await refreshTokens(account)) {
        const isFor = [resource, ''].includes(held.resource ?? '') && held.grantKey === grantKey
        if (isFor && !(await holds(held.token))) return held.token
      }
      return undefined
    },

    /** When the last of the access tokens of an account ends; nothing where all have. */
    async lastEndMs(account: Account, nowMs: number): Promise<number | undefined> {
      const found = await store.find('accessTokens', own(accountKey(account)))
      const ends = found.map(({ value }) => parseAccessTokenRecord(value)?.expiresAtMs ?? 0)
      const endMs = Math.max(0, ...ends)
      return endMs > nowMs ? endMs : undefined
    },

    /** A refresh token that was read from the store, as long as no other has taken its place. */
    nameOf,

    /** The changes that keep a token; write them together with those of its account. */
    keep(record: AccessTokenRecord | RefreshTokenRecord | undefined): StoreChange[] {
      if (!record) return []
      const put = (collection: Collection, kept: StoredRecord): StoreChange[] => [
        { type: 'put', collection, record: kept },
      ]
      if ('tokenType' in record)
        return put('accessTokens', {
          key: own(accessTokenKey(record)),
          tags: [...accessTokenTags(record), record.account].map(own),
          expiresAtMs: Math.max(record.expiresAtMs, record.extendedExpiresAtMs ?? 0),
          value: record,
        })
      const id = crypto.randomUUID()
      return put('refreshTokens', {
        key: nameOf(record).key,
        tags: record.resource || record.grantKey ? [id, own(record.account)] : [id],
        expiresAtMs: (record.expiresAtMs ?? record.issuedAtMs) + KEPT_FOR_MS,
        value: { ...record, id },
      })
    },

    /** The changes that delete every token that answers a question: an API refuses them. */
    superseded: (query: TokenQuery): StoreChange[] => [
      { type: 'deleteTagged', collection: 'accessTokens', tag: own(tagOfQuery(query)) },
    ],

    /** Deletes a refresh token that the provider refused, unless another has taken its place. */
    async dropRefreshToken(account: Account, refused: string): Promise<void> {
      for (const held of await refreshTokens(account)) {
        const name = nameOf(held)
        if (held.token === refused) await store.write([{ type: 'delete', ...name }], name)
      }
    },

    /** The changes that remove every token of an account; others of its home account may need the refresh token. */
    removal(account: Account, others: readonly Account[]): StoreChange[] {
      const refreshToken = refreshTokenKey(account)
      const isShared = others.some((other) => refreshTokenKey(other) === refreshToken)
      return [
        { type: 'deleteTagged', collection: 'accessTokens', tag: own(accountKey(account)) },
        ...(isShared
          ? []
          : ([
              { type: 'delete', collection: 'refreshTokens', key: own(refreshToken) },
              { type: 'deleteTagged', collection: 'refreshTokens', tag: own(refreshToken) },
            ] as const)),
      ]
    },
  }
}
