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
import type {
  RenewalMessage,
  RenewalWish,
  TabMessage,
  TokenNote,
} from '../startup/tabs/tab-message.ts'

/** True for messages of a renewal that one tab does for another tab. */
export const isRenewalMessage = (message: TabMessage): message is RenewalMessage =>
  message.type.startsWith('renewal')

/** Names in messages are much shorter; longer names are refused. */
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

/** The fields of every message. Malformed optional parts are ignored. */
const messageOf = shape<Readonly<Record<'type' | 'account', string>>>({ type: text, account: name })

/** Parses a message of another tab; `undefined` if it is malformed. */
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
