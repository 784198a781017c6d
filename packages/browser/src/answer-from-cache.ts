import {
  type AccessTokenRecord,
  type Account,
  isFresh,
  isScope,
  type TokenQuery,
} from '@carnet/core/base'
import type { SilentRequest } from './requests.ts'
import { type AuthenticationResult, toResult } from './result.ts'
import type { Shell } from './shell.ts'

/** What a request says that asks plainly. */
const PLAIN = ['scopes', 'account', 'resource', 'correlationId', 'forceRefresh']

/** How many different questions of an account are remembered: an app has a handful. */
const MOST_QUESTIONS = 500

/** A question that was read before, and its last answer. */
interface Question {
  readonly query: TokenQuery
  /** How many scopes it was asked with: what is joined of fewer is another question. */
  readonly count: number
  last?: Answer
}

/** An answer, and what it was made of: while nothing of that changes, it is given again as it is. */
interface Answer {
  readonly record: AccessTokenRecord
  readonly epoch: number
  readonly accounts: readonly Account[]
  readonly result: AuthenticationResult
}

/**
 * Answers from the cache, which most requests of an app are: from memory without waiting, or from one look-up in the
 * store. What is not asked plainly, or not held, is left to the engine.
 *
 * @param used Notes that a token is in use; told once for each.
 */
export function createCacheAnswers(
  shell: Shell,
  used: (query: TokenQuery, record: AccessTokenRecord) => void,
) {
  const { config, accounts, tokens } = shell
  const questions = new WeakMap<Account, Map<string, Question>>()

  function questionOf(request: SilentRequest): Question | undefined {
    for (const name in request) if (!PLAIN.includes(name)) return undefined
    const { scopes, account, resource = '', correlationId = '-', forceRefresh } = request
    const owner = account ?? accounts.active()
    // A copy of an account is as good, and for the engine to find.
    if (!owner || !accounts.list().includes(owner) || forceRefresh) return undefined
    if (!Array.isArray(scopes) || !isText(resource) || !isText(correlationId)) return undefined
    const text = scopes.length === 1 && resource === '' ? scopes[0] : textOf(scopes, resource)
    const known = questions.get(owner)?.get(text)
    if (known?.count === scopes.length) return known
    return scopes.every(isScope) ? remember(owner, text, scopes, resource) : undefined
  }

  function remember(
    account: Account,
    text: string,
    scopes: readonly string[],
    indicator: string,
  ): Question | undefined {
    try {
      const { resource, keys, texts } = shell.dialect.readScopes(scopes, indicator)
      const terms = accounts.record(account)?.signedInWith
      const query: TokenQuery = {
        owner: account,
        profile: config.profile,
        resource,
        // An account that signed in with parameters of its own gets tokens for these.
        parametersKey: terms?.parametersKey,
        detailsKey: terms?.detailsKey,
        scopes: keys,
        texts,
      }
      const question = { query, count: scopes.length }
      const own = questions.get(account) ?? new Map<string, Question>()
      if (own.size >= MOST_QUESTIONS) own.clear()
      questions.set(account, own.set(text, question))
      return question
    } catch {
      return undefined // The engine says what is wrong with it.
    }
  }

  /** Makes the answer of a record, which is given again until something of it changes. */
  function answerBy(question: Question, record: AccessTokenRecord): Answer | undefined {
    const { query } = question
    const { texts, scopes } = query
    const owner = accounts.record(query.owner)
    if (!owner) return undefined
    const { grantedScopes, sentScopes = record.requestedScopes, declinedScopes: declined } = record
    const granted = declined ? scopes.filter((scope) => !declined.includes(scope)) : grantedScopes
    const declinedScopes = shell.dialect.declined(texts, granted, sentScopes)
    // What was declined altogether is not worth a renewal.
    if (texts.length === 0 || declinedScopes.length < texts.length) used(query, record)
    const result = toResult(record, owner, declinedScopes, { fromCache: true })
    question.last = { record, epoch: tokens.epoch(), accounts: accounts.list(), result }
    return question.last
  }

  const give = (
    answer: Answer | undefined,
    { correlationId }: SilentRequest,
  ): AuthenticationResult | undefined =>
    answer && correlationId !== undefined
      ? Object.freeze({ ...answer.result, correlationId })
      : answer?.result

  return {
    /** The answer that memory holds. */
    peek(request: SilentRequest): AuthenticationResult | undefined {
      const question = questionOf(request)
      if (!question) return undefined
      const { last } = question
      const nowMs = config.now()
      const isSame = last?.epoch === tokens.epoch() && last.accounts === accounts.list()
      if (isSame && isFresh(last.record, nowMs)) return give(last, request)
      const held = tokens.peek(question.query, nowMs)
      return held && give(answerBy(question, held), request)
    },

    /** The answer that the store holds. */
    async find(request: SilentRequest): Promise<AuthenticationResult | undefined> {
      const question = questionOf(request)
      const found = question && (await tokens.find(question.query, config.now()))
      return found && give(answerBy(question, found), request)
    },
  }
}

const isText = (value: unknown) => typeof value === 'string'

/** Scopes hold no line break: no two questions share a text. */
const textOf = (scopes: readonly string[], resource: string) => `${scopes.join(' ')}\n${resource}`
