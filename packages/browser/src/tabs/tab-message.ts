import { parseRequestParameters, type RequestParameters } from '@carnet/core'

/** Said between tabs. Names what changed, never carries a token: the store is the one source. */
export type TabMessage =
  | {
      readonly type: 'tokensChanged'
      readonly account: string
      readonly token?: TokenNote | undefined
    }
  | {
      readonly type: 'accountsChanged'
      readonly account: string
      /** The account is gone because its user signed out. */
      readonly signedOut?: true | undefined
    }
  | RenewalMessage

/**
 * Where workers keep the refresh tokens, the tab of the right one renews for the others: it is asked by the handle that
 * lies in the store, says that it is at it, and that it is done.
 */
export interface RenewalMessage {
  readonly type: 'renewalAsked' | 'renewalTaken' | 'renewalDone'
  readonly account: string
  readonly id: string
  /** What is wanted, when it is asked for. */
  readonly wish?: RenewalWish | undefined
  /** When it is done: that it failed, and whether that passes. Older tabs do not say. */
  readonly failed?: 'passing' | 'final' | undefined
}

export interface RenewalWish {
  readonly handle: string
  readonly resource: string
  readonly texts: readonly string[]
  readonly authority?: string | undefined
  readonly claims?: string | undefined
  readonly parameters?: RequestParameters | undefined
}

/** What is told of a token: what it is for and until when, never the token. */
export interface TokenNote {
  readonly resource: string
  readonly scopes: readonly string[]
  readonly expiresAtMs: number
  readonly source: 'interaction' | 'renewal'
}

export const isRenewalMessage = (message: TabMessage): message is RenewalMessage =>
  message.type.startsWith('renewal')

export function parseTabMessage(data: unknown): TabMessage | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const { type, account, token, signedOut, id, wish, failed } = data as Record<string, unknown>
  if (!isName(account)) return undefined
  if (type === 'renewalAsked' || type === 'renewalTaken' || type === 'renewalDone')
    return isName(id)
      ? { type, account, id, wish: parseWish(wish), failed: parseFailed(failed) }
      : undefined
  if (type === 'accountsChanged')
    return { type, account, signedOut: signedOut === true || undefined }
  return type === 'tokensChanged' ? { type, account, token: parseTokenNote(token) } : undefined
}

/** No name that a tab says is anywhere near this long. */
const LONGEST_NAME = 4000
const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= LONGEST_NAME

const parseFailed = (value: unknown): RenewalMessage['failed'] =>
  value === 'passing' || value === 'final' ? value : undefined

function parseWish(value: unknown): RenewalWish | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { handle, resource, texts, authority, claims, parameters } = value as Record<
    string,
    unknown
  >
  const parsed = parseRequestParameters(parameters)
  const names = Object.entries({ ...parsed?.authorization, ...parsed?.token }).flat()
  const isOptional = (text: unknown): text is string | undefined =>
    text === undefined || isName(text)
  const whole =
    isName(handle) &&
    isName(resource) &&
    Array.isArray(texts) &&
    texts.every(isName) &&
    isOptional(authority) &&
    isOptional(claims) &&
    (parameters === undefined || parsed !== undefined) &&
    names.every(isName)
  return whole ? { handle, resource, texts, authority, claims, parameters: parsed } : undefined
}

function parseTokenNote(value: unknown): TokenNote | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { resource, scopes, expiresAtMs, source } = value as Record<string, unknown>
  const whole =
    typeof resource === 'string' &&
    Array.isArray(scopes) &&
    scopes.every((scope) => typeof scope === 'string') &&
    typeof expiresAtMs === 'number' &&
    Number.isFinite(expiresAtMs) &&
    (source === 'interaction' || source === 'renewal')
  return whole ? { resource, scopes, expiresAtMs, source } : undefined
}
