import type { RequestParameters } from '@carnet/core'
import {
  dictionaryOf,
  type Guard,
  instant,
  listOf,
  of,
  oneOf,
  optional,
  shape,
  text,
  texts,
} from '@carnet/core/records'

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

/** No name that a tab says is anywhere near this long. */
const LONGEST_NAME = 4000
const name: Guard = (value) => typeof value === 'string' && value.length <= LONGEST_NAME
const names = dictionaryOf(name, name)

const wishOf = shape<RenewalWish>({
  handle: name,
  resource: name,
  texts: listOf(name),
  authority: optional(name),
  claims: optional(name),
  parameters: optional(of(shape<RequestParameters>({ authorization: names, token: names }))),
})

const tokenNoteOf = shape<TokenNote>({
  resource: text,
  scopes: texts,
  expiresAtMs: instant,
  source: oneOf('interaction', 'renewal'),
})

/** The fields that every message has; a part that cannot be read is left out, and the rest counts. */
const messageOf = shape<Readonly<Record<'type' | 'account', string>>>({ type: text, account: name })

export function parseTabMessage(data: unknown): TabMessage | undefined {
  const { type, account = '' } = messageOf(data) ?? {}
  const { token, signedOut, id, wish, failed } = Object(data) as Partial<Record<string, unknown>>
  if (type === 'renewalAsked' || type === 'renewalTaken' || type === 'renewalDone')
    return name(id)
      ? { type, account, id: String(id), wish: wishOf(wish), failed: failureOf(failed) }
      : undefined
  if (type === 'accountsChanged')
    return { type, account, signedOut: signedOut === true || undefined }
  return type === 'tokensChanged' ? { type, account, token: tokenNoteOf(token) } : undefined
}

const failureOf = (value: unknown): RenewalMessage['failed'] =>
  value === 'passing' || value === 'final' ? value : undefined
