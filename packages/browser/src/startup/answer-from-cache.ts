import type { Steps } from '@carnet/core'
import {
  type AccessTokenRecord,
  type AccountRecord,
  type CacheQuery,
  isFresh,
  isScope,
  traceOfMemory,
  traceOfStore,
} from '@carnet/core/base'
import type { AcquireTokenRequest, SilentRequest } from '../api/requests.ts'
import type { AuthenticationResult } from '../api/result.ts'
import { abortedBy } from './page/aborted-by.ts'
import { toResult, withTrace } from './result.ts'
import type { StartContext } from './start-context.ts'

/** The number of cached queries per account. An app has a handful. */
const MOST_QUERIES = 500

/** Scopes and resource of an earlier request, parsed once, and the last result for them. */
interface CachedQuery {
  readonly query: CacheQuery
  /** The number of scopes, because `['a b']` and `['a', 'b']` join to the same text. */
  readonly count: number
  last?: CachedResult
}

/** A result and its token. While both are current, callers get the same object again. */
interface CachedResult {
  readonly record: AccessTokenRecord
  readonly epoch: number
  readonly result: AuthenticationResult
}

type Fields = Partial<AcquireTokenRequest>

/** Selects the fields that a request may have. */
export type RequestMode = 'silent' | 'interactive'

const areScopes = (value: unknown) => Array.isArray(value) && value.every(isScope)
const SILENT_TEXTS = ['resource', 'authority', 'correlationId']
const TEXTS = {
  silent: new Set(SILENT_TEXTS),
  interactive: new Set([...SILENT_TEXTS, 'state', 'prompt', 'loginHint', 'sid', 'domainHint']),
}
/** A path on this origin, as most apps write it. */
const PATH = /^\/(?:[\w.~?#-][!-~]*)?$/
const INTERACTIONS = new Set(['redirect', 'popup', 'none'])

/**
 * True for a valid value of a field that does not influence the choice of the token. The engine checks all other values. A
 * `returnTo` is valid here if it is certainly on this origin.
 */
function isPlain(name: string, value: unknown, mode: RequestMode, origin: string): boolean {
  if (name === 'scopes' || name === 'account') return true // Checked with the query.
  if (name === 'signal') return value instanceof AbortSignal
  if (name === 'forceRefresh') return value === false
  if (name === 'extraScopesToConsent') return mode !== 'silent' && areScopes(value)
  if (typeof value !== 'string') return false
  if (name === 'returnTo' && mode !== 'silent' && PATH.test(value)) return true
  // Most texts are ASCII; the test for all others is slower.
  if (!/^[!-~][ -~]*$/.test(value) && !/^(?=.*\S)\P{Cs}*$/su.test(value)) return false
  if (TEXTS[mode].has(name)) return true
  if (mode === 'silent') return false
  if (name === 'interaction') return INTERACTIONS.has(value)
  return name === 'returnTo' && (/^\/([\w.~?#-]|$)/.test(value) || value.startsWith(`${origin}/`))
}

/**
 * Answers a request from the cache, without the engine. The answer is synchronous if memory has the token; otherwise it is a
 * promise with one read of the store. `undefined`: the engine must answer, or report an error of the request.
 *
 * @param mode Selects the fields that the request may have.
 */
export type AnswerFromCache = (
  request: SilentRequest,
  mode: RequestMode,
) => AuthenticationResult | undefined | Promise<AuthenticationResult | undefined>

/** @param used Reports that a token is in use. Called once for the store and once for memory. */
export function createCacheAnswers(
  context: StartContext,
  used: (query: CacheQuery, record: AccessTokenRecord) => void,
): AnswerFromCache {
  const { config, accounts, tokens } = context
  /** Cached queries by account record: a renewal that changes the account creates a new record. */
  const queries = new WeakMap<AccountRecord, Map<string, CachedQuery>>()
  const { origin } = context.page

  function queryOf(given: unknown, mode: RequestMode): CachedQuery | undefined {
    const request = Object(given) as Fields
    for (const name in request) {
      const value = request[name as keyof Fields]
      if (value !== undefined && !isPlain(name, value, mode, origin)) return undefined
    }
    const { scopes, account, authority, resource = '', correlationId, signal } = request
    if (signal?.aborted) throw Object.assign(abortedBy(signal), { correlationId })
    // The app may pass a copy, or an object from before a renewal: only the ids count.
    const owner =
      account === undefined
        ? accounts.recordOf(accounts.activeId() ?? '')
        : accounts.record(account)
    // Another authority may be another tenant of the account.
    if (!owner || !Array.isArray(scopes) || (authority ?? owner.authority) !== owner.authority)
      return undefined
    const text = scopes.length === 1 && resource === '' ? scopes[0] : textOf(scopes, resource)
    const own = queries.get(owner) ?? new Map<string, CachedQuery>()
    const known = own.get(text)
    if (known?.count === scopes.length) return known
    const query = areScopes(scopes) && readQuery(context, owner, scopes, resource)
    if (!query) return undefined
    const cached = { query, count: scopes.length }
    if (own.size >= MOST_QUERIES) own.clear()
    queries.set(owner, own.set(text, cached))
    return cached
  }

  /**
   * Creates the result of a record. From memory, callers get the same object until the record or the account changes.
   *
   * @param trace The trace of a call that memory did not answer.
   */
  function resultOf(
    cached: CachedQuery,
    record: AccessTokenRecord,
    trace?: Steps,
  ): AuthenticationResult | undefined {
    const { query } = cached
    const { requestedScopes, scopeKeys } = query
    const owner = accounts.record(query.owner)
    if (!owner) return undefined
    const { grantedScopes, sentScopes = record.requestedScopes, declinedScopes: declined } = record
    const granted = declined
      ? scopeKeys.filter((scope) => !declined.includes(scope))
      : grantedScopes
    const declinedScopes = context.scopeRules.declinedScopes(requestedScopes, granted, sentScopes)
    // A token without any requested scope is not worth a renewal.
    if (requestedScopes.length === 0 || declinedScopes.length < requestedScopes.length)
      used(query, record)
    const result = toResult(record, owner, declinedScopes, {
      fromCache: true,
      trace: trace ?? traceOfMemory,
    })
    if (!trace) cached.last = { record, epoch: tokens.epoch(), result }
    return result
  }

  return function answerFromCache(request, mode) {
    const cached = queryOf(request, mode)
    if (!cached) return undefined
    const { query, last } = cached
    const nowMs = config.now()
    if (last?.epoch === tokens.epoch() && isFresh(last.record, nowMs))
      return expose(last.result, request)
    const answerBy = (record: AccessTokenRecord | undefined, trace?: Steps) =>
      record && expose(resultOf(cached, record, trace), request)
    const held = tokens.peek(query, nowMs)
    if (held) return answerBy(held)
    const sinceMs = performance.now()
    return tokens.find(query, nowMs).then((record) => {
      const ms = performance.now() - sinceMs
      return answerBy(record, () => traceOfStore(ms))
    })
  }
}

/** Parses the scopes of a request; `undefined` if the engine must report an error. */
function readQuery(
  { config, scopeRules }: StartContext,
  { account, signedInWith }: AccountRecord,
  scopes: readonly string[],
  indicator: string,
): CacheQuery | undefined {
  try {
    const { resource, keys, requestedScopes } = scopeRules.readScopes(scopes, indicator)
    // An account that signed in with parameters gets tokens for these parameters.
    const { parametersKey, detailsKey } = signedInWith ?? {}
    return {
      owner: account,
      tokenType: config.tokenType,
      resource,
      parametersKey,
      detailsKey,
      scopeKeys: keys,
      requestedScopes,
    }
  } catch {
    return undefined // The engine reports the error.
  }
}

function expose(
  result: AuthenticationResult | undefined,
  { correlationId, prompt }: Fields,
): AuthenticationResult | undefined {
  // An explicit prompt may ask the user again for scopes that the user declined.
  if (!result || (prompt !== undefined && result.declinedScopes.length > 0)) return undefined
  return correlationId === undefined
    ? result
    : withTrace({ ...result, correlationId }, () => result.trace)
}

/** The key of a query. Scopes contain no line break, so two queries never share a key. */
const textOf = (scopes: readonly string[], resource: string) => `${scopes.join(' ')}\n${resource}`
