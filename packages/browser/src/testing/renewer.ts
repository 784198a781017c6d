import {
  type AccessTokenRecord,
  type Account,
  type AuthError,
  accountKey,
  type TokenQuery,
  toTokenQuery,
} from '@carnet/core'
import { createEmitter } from '@carnet/core/base'
import { accountFromClaims } from '@carnet/core/fakes'
import { vi } from 'vitest'
import type { AuthEvents } from '../api/events.ts'
import { createAnnounce } from '../context/announce.ts'
import type { Context } from '../context/context.ts'
import { createRenewer } from '../tokens/renewer.ts'

export const HOUR_MS = 3_600_000

export const alice: Account = accountFromClaims({ iss: 'https://x', sub: 'alice' })
export const ask = (...scopes: string[]): TokenQuery => toTokenQuery(alice, scopes)
export const mail = ask('mail.read')

export const record = (token: string, scopes = ['mail.read']): AccessTokenRecord => ({
  owner: accountKey(alice),
  token,
  tokenType: 'Bearer',
  resource: '',
  grantedScopes: scopes,
  requestedScopes: scopes,
  issuedAtMs: Date.now(),
  expiresAtMs: Date.now() + HOUR_MS,
})

/** A renewer whose renewals give a new token, unless there is a failure. */
export function setUpRenewer(options: object = {}) {
  const asked: TokenQuery[] = []
  const world: { failure?: AuthError; isSignedIn: boolean; isOnline: boolean } = {
    isSignedIn: true,
    isOnline: true,
  }
  const events = createEmitter<AuthEvents>(() => undefined)
  const waits: (number | undefined)[] = []
  const changed = vi.fn()
  events.on('renewalFailed', ({ nextTryOn }) =>
    waits.push(nextTryOn && nextTryOn.getTime() - Date.now()),
  )
  const context = {
    config: { renewal: { enabled: true, leadTimeMs: 300_000, unused: false, ...options } },
    platform: { now: () => Date.now(), log: () => undefined },
    accounts: { record: () => (world.isSignedIn ? { account: alice } : undefined) },
    page: { isOnline: () => world.isOnline },
    announce: createAnnounce(events, { post: () => undefined, close: () => undefined }, changed),
  } as unknown as Context
  const renewer = createRenewer(context, async (query) => {
    asked.push(query)
    if (world.failure) throw world.failure
    return { record: record(`token-${asked.length}`, [...query.scopeKeys]), fromCache: false }
  })
  return { renewer, asked, world, waits, changed }
}
