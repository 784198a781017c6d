import {
  type AccessTokenRecord,
  type Account,
  type AccountRecord,
  abortedError,
  accountKey,
  isFresh,
  isScope,
  type TokenQuery,
} from '@carnet/core/base'
import type { AcquireTokenRequest, SilentRequest } from './requests.ts'
import { type AuthenticationResult, toResult } from './result.ts'
import type { Shell } from './shell.ts'

/** The number of cached queries per account. An app has a handful. */
const MOST_QUERIES = 500

/** Scopes and resource of an earlier request, parsed once, and the last result for them. */
interface CachedQuery {
  owner: AccountRecord
  query: TokenQuery
  /** The number of scopes, because `['a b']` and `['a', 'b']` join to the same text. */
  readonly count: number
  last?: CachedResult | undefined
}

/** A result and its sources. While no source changes, callers get the same object again. */
interface CachedResult {
  readonly record: AccessTokenRecord
  readonly epoch: number
  readonly accounts: readonly Account[]
  readonly result: AuthenticationResult
}

type Fields = Partial<AcquireTokenRequest>

/** Says which fields a request may have. */
export type RequestMode = 'silent' | 'interactive'

type Rules = Readonly<Record<string, (value: unknown) => boolean>>

const anything = () => true
const isText = (value: unknown) =>
  typeof value === 'string' && /\S/.test(value) && !/\p{Cs}/u.test(value)
const areScopes = (value: unknown) => Array.isArray(value) && value.every(isScope)

/** Valid values of the fields that never change which token is the answer. The engine judges every other value. */
function rulesFor(origin: string): Record<RequestMode, Rules> {
  const silent: Rules = Object.assign(Object.create(null), {
    scopes: anything, // Checked when the query is new.
    account: anything,
    resource: isText,
    authority: isText,
    correlationId: isText,
    signal: (value: unknown) => value instanceof AbortSignal,
    forceRefresh: (value: unknown) => value === false,
  })
  const interactive: Rules = Object.assign(Object.create(silent), {
    state: isText,
    prompt: isText,
    loginHint: isText,
    sid: isText,
    domainHint: isText,
    extraScopesToConsent: areScopes,
    interaction: (value: unknown) => ['redirect', 'popup', 'none'].includes(value as string),
    returnTo: (value: unknown) =>
      typeof value === 'string' && (/^\/(?:[\w.~?#-]|$)/.test(value) || value.startsWith(origin)),
  })
  return { silent, interactive }
}

/**
 * Answers from the cache without the engine: from memory without waiting, or with one look-up in the store. A request
 * that needs more than a cached token, or is invalid, is left to the engine: `undefined`.
 *
 * @param used Reports that a token is in use. Called once per token.
 */
export function createCacheAnswers(
  shell: Shell,
  used: (query: TokenQuery, record: AccessTokenRecord) => void,
) {
  const { config, accounts, tokens } = shell
  const queries = new Map<string, Map<string, CachedQuery>>()
  const rules = rulesFor(`${shell.page.origin}/`)

  function queryOf(given: unknown, mode: RequestMode): CachedQuery | undefined {
    const request = Object(given) as Fields
    for (const name in request) {
      const value = request[name as keyof Fields]
      if (value !== undefined && !rules[mode][name]?.(value)) return undefined
    }
    const { scopes, account, authority, resource = '', correlationId, signal } = request
    if (signal?.aborted) throw Object.assign(abortedError(signal), { correlationId })
    // The app may hold a copy, or the object from before a renewal: the ids count.
    const owner =
      account === undefined
        ? accounts.recordOf(accounts.activeId() ?? '')
        : accounts.record(account)
    // Another authority may be another tenant of the account.
    if (!owner || !Array.isArray(scopes) || (authority ?? owner.authority) !== owner.authority)
      return undefined
    const text = scopes.length === 1 && resource === '' ? scopes[0] : textOf(scopes, resource)
    const key = accountKey(owner.account)
    const known = queries.get(key)?.get(text)
    if (known?.count !== scopes.length)
      return areScopes(scopes) ? remember(owner, key, text, scopes, resource) : undefined
    if (known.owner !== owner) {
      known.owner = owner
      known.query = { ...known.query, ...ownerFields(owner) }
    }
    return known
  }

  function remember(
    owner: AccountRecord,
    key: string,
    text: string,
    scopes: readonly string[],
    indicator: string,
  ): CachedQuery | undefined {
    try {
      const { resource, keys, texts } = shell.dialect.readScopes(scopes, indicator)
      const { profile } = config
      const query = { ...ownerFields(owner), profile, resource, scopes: keys, texts }
      const cached = { owner, query, count: scopes.length }
      const own = queries.get(key) ?? new Map<string, CachedQuery>()
      if (own.size >= MOST_QUERIES) own.clear()
      queries.set(key, own.set(text, cached))
      return cached
    } catch {
      return undefined // The engine reports the error.
    }
  }

  /** Makes the result of a record. Callers get the same object until a source of it changes. */
  function resultOf(cached: CachedQuery, record: AccessTokenRecord): CachedResult | undefined {
    const { query } = cached
    const { texts, scopes } = query
    const owner = accounts.record(query.account)
    if (!owner) return undefined
    const { grantedScopes, sentScopes = record.requestedScopes, declinedScopes: declined } = record
    const granted = declined ? scopes.filter((scope) => !declined.includes(scope)) : grantedScopes
    const declinedScopes = shell.dialect.declined(texts, granted, sentScopes)
    // A token without any of the wanted scopes is not worth a renewal.
    if (texts.length === 0 || declinedScopes.length < texts.length) used(query, record)
    const result = toResult(record, owner, declinedScopes, { fromCache: true })
    cached.last = { record, epoch: tokens.epoch(), accounts: accounts.list(), result }
    return cached.last
  }

  const expose = (
    cached: CachedResult | undefined,
    { correlationId, prompt }: Fields,
  ): AuthenticationResult | undefined => {
    // An explicit prompt may ask the user again for scopes that the user declined.
    if (!cached || (prompt !== undefined && cached.result.declinedScopes.length > 0))
      return undefined
    return correlationId === undefined
      ? cached.result
      : Object.freeze({ ...cached.result, correlationId })
  }

  /** The answer in memory. */
  function peek(request: SilentRequest, mode: RequestMode): AuthenticationResult | undefined {
    const cached = queryOf(request, mode)
    if (!cached) return undefined
    const { last } = cached
    const nowMs = config.now()
    const isSame = last?.epoch === tokens.epoch() && last.accounts === accounts.list()
    if (isSame && isFresh(last.record, nowMs)) return expose(last, request)
    const held = tokens.peek(cached.query, nowMs)
    return held && expose(resultOf(cached, held), request)
  }

  /** The answer in the store. */
  async function find(
    request: SilentRequest,
    mode: RequestMode,
  ): Promise<AuthenticationResult | undefined> {
    const cached = queryOf(request, mode)
    const found = cached && (await tokens.find(cached.query, config.now()))
    return found && expose(resultOf(cached, found), request)
  }

  return { peek, find }
}

/** An account that signed in with parameters of its own gets tokens for these. */
const ownerFields = ({ account, signedInWith }: AccountRecord) => ({
  account,
  parametersKey: signedInWith?.parametersKey,
})

/** Scopes hold no line break, so that two queries never share a text. */
const textOf = (scopes: readonly string[], resource: string) => `${scopes.join(' ')}\n${resource}`
