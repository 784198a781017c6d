import { keysOf, type Place } from '../places.ts'
import { TOKEN_LIST } from './entry-names.ts'

const ACCOUNT_LIST = /^msal\.(?:\d+\.)?account\.keys$/

/** The most keys of a list that are read. */
const MOST_KEYS = 1000

/** A list of the keys of a client, in one schema and one storage. */
export interface TokenList {
  readonly place: Place
  readonly name: string
  readonly schema: number
  readonly clientId: string
  readonly keys: readonly string[]
}

/** All lists of credentials of a storage, of every client. */
export const tokenLists = (place: Place): TokenList[] =>
  keysOf(place).flatMap((name) => {
    const [, schema = '0', clientId] = TOKEN_LIST.exec(name) ?? []
    if (clientId === undefined) return []
    const keys = Object.values(listsIn(place.getItem(name))).flat()
    return [{ place, name, schema: Number(schema), clientId, keys: keys.slice(0, MOST_KEYS) }]
  })

/** The names of the lists of accounts, which all clients of the origin share. */
export const accountLists = (place: Place): string[] =>
  keysOf(place).filter((name) => ACCOUNT_LIST.test(name))

/** The keys in a list of accounts. */
export const accountKeys = (place: Place, name: string): string[] =>
  textsIn(parsed(place.getItem(name))).slice(0, MOST_KEYS)

/** Removes keys from a list of accounts or credentials. A list that becomes empty is removed. */
export function removeFromList(place: Place, name: string, gone: ReadonlySet<string>): void {
  const list = parsed(place.getItem(name))
  const rest = (value: unknown) => textsIn(value).filter((key) => !gone.has(key))
  const next = Array.isArray(list)
    ? rest(list)
    : Object.fromEntries(Object.entries(Object(list)).map(([type, keys]) => [type, rest(keys)]))
  if (Object.values(next).flat().length === 0) place.removeItem(name)
  else place.setItem(name, JSON.stringify(next))
}

function listsIn(text: string | null): Record<string, string[]> {
  const { idToken, accessToken, refreshToken } = Object(parsed(text))
  return {
    idToken: textsIn(idToken),
    accessToken: textsIn(accessToken),
    refreshToken: textsIn(refreshToken),
  }
}

const textsIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return null
  }
}
