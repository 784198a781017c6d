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
  epoch: number
  record?: AccessTokenRecord
  declinedScopes: readonly string[]
}

/**
 * Answers from the cache, which most requests of an app are: from memory without waiting, or from one look-up in the
 * store. What is not asked plainly, or not held, is left to the engine.
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
      const query = { account, profile: config.profile, resource, scopes: keys, texts }
      const question = { query, count: scopes.length, epoch: -1, declinedScopes: [] }
      const own = questions.get(account) ?? new Map<string, Question>()
      if (own.size >= MOST_QUESTIONS) own.clear()
      questions.set(account, own.set(text, question))
      return question
    } catch {
      return undefined // The engine says what is wrong with it.
    }
  }

  function answer(
    question: Question,
    record: AccessTokenRecord,
    { correlationId }: SilentRequest,
  ): AuthenticationResult | undefined {
    const { query } = question
    const owner = accounts.record(query.account)
    if (!owner) return undefined
    if (question.record !== record) {
      const { grantedScopes, sentScopes = record.requestedScopes } = record
      question.record = record
      question.declinedScopes = shell.dialect.declined(query.texts, grantedScopes, sentScopes)
    }
    question.epoch = tokens.epoch()
    const { declinedScopes } = question
    // What was declined altogether is not worth a renewal.
    if (query.texts.length === 0 || declinedScopes.length < query.texts.length) used(query, record)
    return toResult(record, owner, declinedScopes, { fromCache: true, correlationId })
  }

  return {
    /** The answer that memory holds. */
    peek(request: SilentRequest): AuthenticationResult | undefined {
      const question = questionOf(request)
      if (!question) return undefined
      const { query, record } = question
      const nowMs = config.now()
      const held =
        record && question.epoch === tokens.epoch() && isFresh(record, nowMs)
          ? record
          : tokens.peek(query, nowMs)
      return held && answer(question, held, request)
    },

    /** The answer that the store holds. */
    async find(request: SilentRequest): Promise<AuthenticationResult | undefined> {
      const question = questionOf(request)
      const found = question && (await tokens.find(question.query, config.now()))
      return found && answer(question, found, request)
    },
  }
}

const isText = (value: unknown) => typeof value === 'string'

/** Scopes hold no line break: no two questions share a text. */
const textOf = (scopes: readonly string[], resource: string) => `${scopes.join(' ')}\n${resource}`
