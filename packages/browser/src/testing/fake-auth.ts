import { type Account, type AuthError, createEmitter } from '@carnet/core/base'
import { accountFromClaims } from '@carnet/core/fakes'
import type { AuthClient } from '../api/auth-client.ts'
import type { AuthEvents } from '../api/events.ts'
import type { InteractiveRequest, SilentRequest } from '../api/requests.ts'
import type { AuthenticationResult } from '../api/result.ts'
import type { Snapshot } from '../api/snapshot.ts'
import { unknownSnapshot } from '../bindings/snapshot.ts'

export const personNamed = (sub: string): Account =>
  accountFromClaims({ iss: 'https://login.example.com', sub, preferred_username: sub })

export const tokenNamed = (accessToken: string) =>
  ({ accessToken, expiresOn: new Date(Date.now() + 3_600_000) }) as AuthenticationResult

/** The public side of a client for tests of bindings: the test moves its snapshot, and answers its sign-ins and its requests for tokens. */
export function createFakeAuth(redirectError: AuthError | null = null) {
  const events = createEmitter<AuthEvents>((error) => {
    throw error
  })
  let snapshot: Snapshot = Object.freeze({ ...unknownSnapshot, status: 'signedOut' })
  let listeners = 0
  const signIns: { request: InteractiveRequest; resolve: (account: Account) => void }[] = []

  const tokenRequests: {
    request: SilentRequest
    resolve: (token: AuthenticationResult) => void
    reject: (error: AuthError) => void
  }[] = []

  /** Changes the snapshot, and emits `changed`. */
  function move(change: Partial<Snapshot>): void {
    const next = { ...snapshot, ...change }
    snapshot = Object.freeze({ ...next, status: next.account ? 'signedIn' : 'signedOut' })
    events.emit('changed', snapshot)
  }

  const auth = {
    snapshot: () => snapshot,
    get activeAccount() {
      return snapshot.account
    },
    redirectError,
    on(name: keyof AuthEvents, listener: () => void) {
      const stop = events.on(name, listener)
      listeners += 1
      return () => {
        listeners -= 1
        stop()
      }
    },
    signIn: (request: InteractiveRequest) =>
      new Promise((resolve) => {
        signIns.push({
          request,
          resolve(account) {
            move({ account })
            resolve({ account })
          },
        })
      }),
    acquireTokenSilent: (request: SilentRequest) =>
      new Promise<AuthenticationResult>((resolve, reject) => {
        tokenRequests.push({ request, resolve, reject })
      }),
  } as unknown as AuthClient
  return { auth, move, signIns, tokenRequests, listeners: () => listeners, emit: events.emit }
}
