import type { Account } from '../accounts/account.ts'
import { accountKey, refreshTokenKey } from '../accounts/account.ts'
import { parseAccessTokenRecord, parseRefreshTokenRecord } from './parse-records.ts'
import {
  type AccessTokenRecord,
  accessTokenKey,
  accessTokenTags,
  isFresh,
  pickAccessToken,
  type RefreshTokenRecord,
  type TokenQuery,
  tagOfQuery,
} from './token-record.ts'
import type {
  Collection,
  RecordName,
  StoreChange,
  StoredRecord,
  TokenStore,
} from './token-store.ts'

/**
 * Refresh tokens are pruned this long after their stated end, or after they were last written: whether one has ended
 * is for the provider to say, which has the better clock.
 */
const KEPT_FOR_MS = 90 * 24 * 3_600_000

export type TokenCache = ReturnType<typeof createTokenCache>

/**
 * The tokens of one client: a memory mirror before a store. A question that was answered once is
 * answered again from a map, without waiting; the store is asked by key, never in whole.
 */
export function createTokenCache(clientId: string, store: TokenStore) {
  const prefix = `${encodeURIComponent(clientId)}|`
  const own = (key: string) => prefix + key
  const mirror = new Map<string, Map<string, AccessTokenRecord>>()

  /** Counts what was forgotten: a look-up that began before is not remembered after. */
  let epoch = 0
  const question = (query: TokenQuery) =>
    `${encodeURIComponent(query.resource)}|${query.scopes.join(' ')}`
  const remember = (query: TokenQuery, record: AccessTokenRecord) => {
    const answered = mirror.get(record.account) ?? new Map<string, AccessTokenRecord>()
    mirror.set(record.account, answered.set(question(query), record))
  }

  async function stored(query: TokenQuery): Promise<AccessTokenRecord[]> {
    const found = await store.find('accessTokens', own(tagOfQuery(query)))
    // Tags lie in clear and are not sealed with the record: what it says itself is what counts.
    const isMeant = (record: AccessTokenRecord) =>
      record.account === accountKey(query.account) && record.resource === query.resource
    return found.flatMap(({ value }) => parseAccessTokenRecord(value) ?? []).filter(isMeant)
  }

  const refreshKey = (account: string, resource = '') =>
    own(resource === '' ? account : `${account}|${encodeURIComponent(resource)}`)

  async function refreshToken(
    account: Account,
    resource?: string,
  ): Promise<RefreshTokenRecord | undefined> {
    const stored = await store.get('refreshTokens', refreshKey(refreshTokenKey(account), resource))
    const held = parseRefreshTokenRecord(stored?.value)
    return held || resource === undefined ? held : refreshToken(account)
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

  const nameOf = ({ account, resource, id }: RefreshTokenRecord): RecordName => ({
    collection: 'refreshTokens',
    key: refreshKey(account, resource),
    tag: id,
  })

  return {
    /** The answer that memory holds, without waiting. */
    peek(query: TokenQuery, nowMs: number): AccessTokenRecord | undefined {
      const record = mirror.get(accountKey(query.account))?.get(question(query))
      return record && isFresh(record, nowMs) ? record : undefined
    },

    /** The answer that the store holds: fresh, or good enough. */
    async find(
      query: TokenQuery,
      nowMs: number,
      isGood = isFresh,
    ): Promise<AccessTokenRecord | undefined> {
      const begun = epoch
      const best = pickAccessToken(await stored(query), query, nowMs, isGood)
      if (best && begun === epoch) remember(query, best)
      return best
    },

    /** The refresh token for an API that the provider wants named (RFC 8707), else the general one. */
    refreshToken,
    /** Every refresh token of an account. */
    refreshTokens,

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
        tags: record.resource ? [id, own(record.account)] : [id],
        expiresAtMs: (record.expiresAtMs ?? record.issuedAtMs) + KEPT_FOR_MS,
        value: { ...record, id },
      })
    },

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

    /** Drops what memory holds of an account: the store was changed, here or in another tab. */
    forget(account: string): void {
      epoch += 1
      mirror.delete(account)
    },

    /** Drops all that memory holds: this tab slept, and others went on. */
    forgetAll(): void {
      epoch += 1
      mirror.clear()
    },
  }
}
