import { createHash } from 'node:crypto'
import { AuthError, type StoreChange } from '@carnet/core'
import { formatOf, instant, optional, shape, text, texts } from '@carnet/core/records'
import type { WaitingAuthorization } from '../authorization/authorization-code.ts'
import { keyring, newSealKey } from '../cache/keyring.ts'
import { openText, type Place, sealText } from '../cache/sealed-text.ts'
import type { Runtime } from '../context/runtime.ts'
import { cookieName, dropCookie, readCookies, setCookie } from './cookies.ts'

/** A waiting authorization request in a cookie of the browser. */
export interface WebTransaction extends WaitingAuthorization {
  readonly returnTo: string
  readonly expiresAtMs: number
}

const format = formatOf<WebTransaction>(
  1,
  shape<WebTransaction>({
    state: text,
    codeVerifier: text,
    nonce: text,
    redirectUri: text,
    scopes: texts,
    appScopes: texts,
    resource: optional(text),
    maxAgeMs: optional(instant),
    returnTo: text,
    claims: optional(text),
    correlationId: optional(text),
    jkt: optional(text),
    expiresAtMs: instant,
  }),
)

/** Registrations and password resets take long. */
export const TRANSACTION_MS = 3_600_000
/** A browser keeps the cookies of at most this many sign-ins that did not end. */
const MOST_COOKIES = 5
/** Browsers refuse longer cookies (RFC 6265bis section 5.6), name and attributes included. */
const LONGEST_COOKIE = 3800

const PREFIX = 'carnet-sign-in.'

/**
 * Keeps the transactions of a web app: sealed in a cookie that names the `state`, so that sign-ins in several tabs do not meet. A
 * mark in the store makes each of them single-use over all machines. Without a shared store, or while the store is down, this
 * process remembers the used ones.
 */
export function createWebTransactions(runtime: Runtime) {
  const { config, store, platform, sealed, shared } = runtime
  const keys = config.keys ?? keyring(newSealKey())
  const used = new Map<string, number>()

  const hashOf = (state: string) => createHash('sha256').update(state).digest('base64url')
  const nameOf = (state: string, isSecure: boolean) => {
    // The time stands first, so that the oldest cookie can be told without its content.
    const [begun = ''] = state.split('.')
    return cookieName(`${PREFIX}${begun}.${hashOf(state).slice(0, 16)}`, isSecure)
  }
  const keyOf = (state: string) => `${config.partition}|%sign-in|${hashOf(state)}`
  const placeOf =
    (name: string): Place =>
    (keyId) => ['browser', 1, keyId, config.partition, name]
  const mark = (state: string, expiresAtMs: number): StoreChange => ({
    type: 'put',
    collection: 'transactions',
    record: { key: keyOf(state), tags: [], expiresAtMs, value: {} },
  })

  /** True for the first use of a `state`. */
  async function use(state: string): Promise<boolean> {
    const nowMs = platform.now()
    // The oldest come first.
    for (const [one, endMs] of used) {
      if (endMs >= nowMs) break
      used.delete(one)
    }
    if (used.has(state)) return false
    used.set(state, nowMs + TRANSACTION_MS)
    if (!sealed) return true
    if (await store.take('transactions', keyOf(state))) return true
    // An outage must not stop sign-ins. The provider redeems each code only once (RFC 6749 section 4.1.2).
    return shared?.state() === 'down'
  }

  return {
    newState: () => `${Math.floor(platform.now() / 1000).toString(36)}.${platform.randomId()}`,

    async save(
      transaction: WebTransaction,
      isFormPost: boolean,
      request: Request | undefined,
    ): Promise<{ readonly cookie: string; readonly cookies: readonly string[] }> {
      const { state, redirectUri, expiresAtMs } = transaction
      const isSecure = redirectUri.startsWith('https:')
      const name = nameOf(state, isSecure)
      const value = sealText(keys, placeOf(name), JSON.stringify(format.write(transaction)))
      if (name.length + value.length > LONGEST_COOKIE)
        throw new AuthError(
          'invalid_request',
          'The transaction does not fit into a cookie: shorten `returnTo`, `claims` or `scopes`.',
        )
      if (sealed) await store.write([mark(state, expiresAtMs)])
      const cookie = setCookie(name, value, {
        isSecure,
        sameSite: isFormPost ? 'None' : 'Lax',
        maxAgeSeconds: TRANSACTION_MS / 1000,
      })
      return { cookie, cookies: [cookie, ...abandoned(request).map(dropCookie)] }
    },

    /**
     * Takes the transaction of a response. It works once.
     *
     * @throws AuthError `transaction_not_found`, `transaction_expired`
     */
    async take(
      state: string,
      request: Request,
    ): Promise<{ readonly transaction: WebTransaction; readonly cookies: readonly string[] }> {
      const cookies = readCookies(request)
      const name = [true, false].map((isSecure) => nameOf(state, isSecure)).find(has(cookies))
      const sealedText = name === undefined ? undefined : cookies.get(name)
      if (name === undefined || sealedText === undefined)
        throw notFound('This browser began no sign-in with the `state` of the response.')
      const opened = openText(keys, placeOf(name), sealedText)
      const transaction = opened && format.read(JSON.parse(opened.text))
      if (transaction?.state !== state)
        throw notFound('The cookie of the sign-in was changed, or sealed with an unknown key.')
      if (transaction.expiresAtMs < platform.now())
        throw new AuthError('transaction_expired', 'The sign-in took longer than an hour.')
      if (!(await use(state))) throw notFound('The response was used before.')
      return { transaction, cookies: [dropCookie(name)] }
    },
  }
}

const has = (cookies: ReadonlyMap<string, string>) => (name: string) => cookies.has(name)

/** The names of the oldest cookies, so that the header does not grow for ever. */
function abandoned(request: Request | undefined): readonly string[] {
  if (!request) return []
  const names = [...readCookies(request).keys()].filter((name) =>
    [PREFIX, cookieName(PREFIX, true)].some((prefix) => name.startsWith(prefix)),
  )
  const begunOf = (name: string) => Number.parseInt(name.split('.')[1] ?? '', 36) || 0
  names.sort((a, b) => begunOf(b) - begunOf(a))
  return names.slice(MOST_COOKIES - 1)
}

const notFound = (message: string) => new AuthError('transaction_not_found', message)
