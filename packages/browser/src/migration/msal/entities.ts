import { type Guard, optional, shape, text } from '@carnet/core/records'
import type { SkippedEntry } from '../../api/migration.ts'
import { parseEntry } from '../found.ts'
import type { Place } from '../places.ts'
import { type Decrypter, encryptedEntry } from './decrypt.ts'
import { accountKeys, accountLists, type TokenList } from './lists.ts'

/** A credential of `@azure/msal-browser`. Instants are seconds since the epoch, as texts. */
export interface Credential {
  readonly credentialType: string
  readonly homeAccountId: string
  readonly environment: string
  readonly clientId: string
  readonly secret: string
  /** The tenant; empty if the provider has none. */
  readonly realm?: string | undefined
  /** The scopes of an access token. */
  readonly target?: string | undefined
  readonly tokenType?: string | undefined
  readonly expiresOn?: string | number | undefined
  /** In milliseconds, as a text. */
  readonly lastUpdatedAt?: string | number | undefined
  readonly requestedClaims?: string | undefined
  readonly requestedClaimsHash?: string | undefined
}

/** An account of `@azure/msal-browser`. */
export interface MsalAccount {
  readonly homeAccountId: string
  readonly environment: string
}

/** An entry with its value. */
export interface Entry<Value> {
  readonly place: Place
  readonly key: string
  /** The list that names the entry. */
  readonly list: string
  readonly schema: number
  readonly value: Value
}

/** An entry that cannot be read. */
export type Unread = Pick<Entry<unknown>, 'place' | 'key' | 'list'> & SkippedEntry

export interface Entries {
  readonly credentials: readonly Entry<Credential>[]
  readonly accounts: readonly Entry<MsalAccount>[]
  readonly unread: readonly Unread[]
}

const isTime: Guard = (value) => typeof value === 'string' || typeof value === 'number'

const credentialOf = shape<Credential>({
  credentialType: text,
  homeAccountId: text,
  environment: text,
  clientId: text,
  secret: text,
  realm: optional(text),
  target: optional(text),
  tokenType: optional(text),
  expiresOn: optional(isTime),
  lastUpdatedAt: optional(isTime),
  requestedClaims: optional(text),
  requestedClaimsHash: optional(text),
})

const accountOf = shape<MsalAccount>({ homeAccountId: text, environment: text })

/** Reads the credentials of a client, and all accounts. An entry that cannot be read costs nothing else. */
export async function readEntries(
  lists: readonly TokenList[],
  places: readonly Place[],
  decrypter: Decrypter,
): Promise<Entries> {
  const unread: Unread[] = []

  async function read<Value>(
    at: Omit<Entry<Value>, 'value'>,
    parse: (value: unknown) => Value | undefined,
  ): Promise<Entry<Value>[]> {
    const text = at.place.getItem(at.key)
    if (text === null) return [] // The list may name an entry that has gone.
    const stored = parseEntry(text)
    const encrypted = stored && encryptedEntry(stored)
    const clear = encrypted ? await decrypter.decrypt(at.key, encrypted) : text
    const value = clear === undefined ? undefined : parse(parseEntry(clear))
    if (value !== undefined) return [{ ...at, value }]
    const reason = clear === undefined ? 'key_missing' : 'unreadable'
    unread.push({ place: at.place, key: at.key, list: at.list, reason })
    return []
  }

  const credentials = lists.flatMap(({ place, name, schema, keys }) =>
    keys.map((key) => read({ place, key, list: name, schema }, credentialOf)),
  )
  const accounts = places.flatMap((place) =>
    accountLists(place).flatMap((list) =>
      accountKeys(place, list).map((key) => read({ place, key, list, schema: 0 }, accountOf)),
    ),
  )
  return {
    credentials: (await Promise.all(credentials)).flat(),
    accounts: (await Promise.all(accounts)).flat(),
    unread,
  }
}
