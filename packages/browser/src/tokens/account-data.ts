/** Values of the app beside an account. Loads at the first use. */
import { type Account, AuthError, accountDataKey, accountDataTag, notSignedIn } from '@carnet/core'
import type { AuthClient } from '../api/auth-client.ts'
import type { Context } from '../context/context.ts'

/** The longest JSON text of a value, in characters. */
const LONGEST_VALUE = 65_536
const LONGEST_NAME = 100

/** Creates the calls for values beside an account. Each value has its own record, which belongs to its account. */
export function createAccountData({
  accounts,
  store,
}: Pick<Context, 'accounts' | 'store'>): Pick<AuthClient, 'getAccountData' | 'setAccountData'> {
  /** The record of the account, and the key of the value. */
  function recordsOf(name: unknown, asked: Account | undefined) {
    if (typeof name !== 'string' || name === '' || name.length > LONGEST_NAME || isTorn(name))
      throw invalid(`The name must be a string of 1 to ${LONGEST_NAME} characters.`)
    const owner = asked ?? accounts.active()
    if (!owner) throw new AuthError('no_account', 'No user is signed in, or no account is active.')
    const known = accounts.record(owner)
    if (!known) throw notSignedIn()
    const condition = accounts.nameOf(known.account)
    return { condition, key: accountDataKey(condition.key, name) }
  }

  return {
    async setAccountData(name, value, account) {
      const { condition, key } = recordsOf(name, account)
      const tags = [accountDataTag(condition.key)]
      const expiresAtMs = Number.MAX_SAFE_INTEGER
      const kept = value === undefined ? undefined : jsonOf(value)
      const applied = await store.write(
        kept
          ? [
              {
                type: 'put',
                collection: 'accounts',
                record: { key, tags, expiresAtMs, value: kept },
              },
            ]
          : [{ type: 'delete', collection: 'accounts', key }],
        condition,
      )
      if (!applied) throw notSignedIn()
    },

    async getAccountData(name, account) {
      const { key } = recordsOf(name, account)
      const stored = (await store.get('accounts', key))?.value as { json?: unknown } | undefined
      return typeof stored?.json === 'string' ? JSON.parse(stored.json) : undefined
    },
  }
}

/** The record of a value. It is JSON text, so that every store returns what a reload would return. */
function jsonOf(value: unknown): { version: 1; json: string } {
  let json: unknown
  try {
    json = JSON.stringify(value)
  } catch (cause) {
    throw invalid('The value is not a JSON value.', cause)
  }
  if (typeof json !== 'string') throw invalid('The value is not a JSON value.')
  if (json.length > LONGEST_VALUE)
    throw invalid(`The value has ${json.length} characters as JSON; ${LONGEST_VALUE} are allowed.`)
  return { version: 1, json }
}

/** True for a text with half of a surrogate pair: no key can contain it. */
const isTorn = (text: string) => /\p{Cs}/u.test(text)

const invalid = (message: string, cause?: unknown) =>
  new AuthError('invalid_request', message, { cause })
