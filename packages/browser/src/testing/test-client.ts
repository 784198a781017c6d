import { oidcDialect } from '@carnet/core'
import { type Account, createEmitter, InteractionRequiredError } from '@carnet/core/base'
import type { AuthClient } from '../api/auth-client.ts'
import type { AuthEvents } from '../api/events.ts'
import type { SilentRequest } from '../api/requests.ts'
import type { AuthenticationResult } from '../api/result.ts'
import { type Snapshot, unknownSnapshot } from '../bindings/snapshot.ts'

const ISSUER = 'https://login.example.com/'
const LIFETIME_MS = 3_600_000

/** The claims of the ID token of a user; `sub` names the user. */
export interface TestUser {
  readonly sub: string
  readonly [claim: string]: unknown
}

export interface TestClientOptions {
  /** The user who is signed in. Default: nobody. */
  readonly user?: TestUser | undefined
  /** The user of the next sign-in. Default: `user`, or `alice`. */
  readonly nextUser?: TestUser | undefined
  /** Members that replace those of the test client, for example `fetch`, or an `acquireTokenSilent` that rejects. */
  readonly members?: Partial<AuthClient> | undefined
}

/**
 * Creates a client for tests of components, also in jsdom: without a provider, storage and network. Sign-ins succeed at once and
 * without a page, every request for a token gets the token `test-token-of-<sub>`, `fetch` is that of the page, and the requests of
 * other HTTP clients stay as they are. Other members are missing, and `members` adds them.
 */
export function createTestClient(options: TestClientOptions = {}): AuthClient {
  const { user, nextUser = user ?? { sub: 'alice', name: 'Alice' }, members = {} } = options
  const events = createEmitter<AuthEvents>((error) => {
    throw error
  })
  let snapshot: Snapshot = Object.freeze({ ...unknownSnapshot, status: 'signedOut' })

  function activate(account: Account | null, accounts = snapshot.accounts): void {
    const status = account ? 'signedIn' : 'signedOut'
    snapshot = Object.freeze({ ...snapshot, status, account, accounts })
    events.emit('activeAccountChanged', { account, tab: 'this' })
    events.emit('changed', snapshot)
  }
  async function tokenFor(request: SilentRequest) {
    const account = request.account ?? snapshot.account
    if (!account) throw new InteractionRequiredError('no_account', 'No account is active.', request)
    return resultOf(account, request.scopes)
  }
  async function signIn({ scopes = [] }: Partial<SilentRequest> = {}) {
    const account = accountOf(nextUser)
    const others = snapshot.accounts.filter(({ id }) => id !== account.id)
    activate(account, [...others, account])
    return resultOf(account, scopes)
  }

  const client = {
    get accounts() {
      return snapshot.accounts
    },
    get activeAccount() {
      return snapshot.account
    },
    redirectResult: null,
    redirectError: null,
    renewals: [],
    snapshot: () => snapshot,
    on: events.on,
    setActiveAccount: (account: Account | null) => activate(account),
    signIn,
    async signOut() {
      activate(
        null,
        snapshot.accounts.filter((one) => one !== snapshot.account),
      )
    },
    acquireToken: tokenFor,
    acquireTokenSilent: tokenFor,
    acquireTokenPopup: (request: SilentRequest) => (snapshot.account ? tokenFor : signIn)(request),
    fetch: (...call: Parameters<typeof fetch>) => fetch(...call),
    authorize: async (request: Request) => request,
    remedy: async () => 'none',
    close() {},
  }
  if (user) {
    const account = accountOf(user)
    activate(account, [account])
  }
  return Object.assign(client, members) as unknown as AuthClient
}

const accountOf = (user: TestUser): Account =>
  oidcDialect.accountOf({ iss: ISSUER, preferred_username: user.sub, ...user }, ISSUER, undefined)

const resultOf = (account: Account, scopes: readonly string[]): AuthenticationResult => ({
  accessToken: `test-token-of-${account.idTokenClaims.sub}`,
  tokenType: 'Bearer',
  expiresOn: new Date(Date.now() + LIFETIME_MS),
  refreshOn: undefined,
  scopes,
  declinedScopes: [],
  idToken: '',
  idTokenClaims: account.idTokenClaims,
  account,
  tenantId: account.tenantId,
  uniqueId: account.localAccountId,
  authority: ISSUER,
  response: undefined,
  fromCache: true,
  correlationId: '',
  state: undefined,
  trace: [],
})
