import type { Account, AuthClient, AuthenticationResult } from '@carnet/browser'
import type * as Original from 'oidc-client-ts'
import type { Connection } from '../carnet/connection.ts'
import { scopesOf } from '../carnet/requests.ts'
import { fromAppState, type TokenTerms } from '../carnet/sent-state.ts'
import { readNote, type UserNote, writeNote } from '../carnet/user-notes.ts'
import { mergeClaims, withoutProtocolClaims } from '../values/profile.ts'
import type { UserManagerSettingsStore } from '../values/settings.ts'
import { User } from '../values/user.ts'

type TokenType = Original.UserManagerSettingsStore['revokeTokenTypes'][number]

/** The user of a connection, in the form of `oidc-client-ts`. */
export interface Users {
  /** The account of the user. `oidc-client-ts` has one user. */
  account(): Account | undefined
  /** The terms of the user's token. */
  terms(account: Account): Promise<TokenTerms>
  /** The stored user, also with an expired token. It sends no request. */
  load(): Promise<User | null>
  /**
   * Makes the account of a result the user, and removes every other account.
   *
   * @param terms Default: the terms that came back with the response.
   */
  adopt(result: AuthenticationResult, terms?: TokenTerms): Promise<User>
  /** Revokes tokens of the user (RFC 7009). The user stays, and still shows the access token, as in `oidc-client-ts`. */
  revoke(types: readonly TokenType[]): Promise<User | null>
  /** Stores a user that another library or a test created. */
  store(user: User): Promise<void>
}

/** Creates the user of a connection. */
export function createUsers(settings: UserManagerSettingsStore, { auth }: Connection): Users {
  const account = () => auth.activeAccount ?? auth.accounts[0]

  const termsOf = (note: UserNote | undefined): TokenTerms =>
    note?.terms ?? { scopes: scopesOf(settings.scope) }

  function userOf(
    owner: Account,
    note: UserNote | undefined,
    token: AuthenticationResult | null,
  ): User {
    const claims = withoutProtocolClaims(owner.idTokenClaims, settings)
    const idToken = token?.idToken ?? auth.idTokenOf(owner)
    const sent = fromAppState(token?.state)
    return new User({
      access_token: token?.accessToken ?? note?.revoked_token ?? '',
      token_type: token?.tokenType ?? 'Bearer',
      expires_at: token ? Math.floor(token.expiresOn.getTime() / 1000) : (note?.expires_at ?? 0),
      scope: note?.scope ?? settings.scope,
      session_state: sessionStateOf(token) ?? note?.session_state ?? null,
      profile: note?.claims ? mergeClaims(claims, note.claims, settings) : claims,
      userState: sent.data,
      ...(idToken !== undefined && { id_token: idToken }),
      ...(sent.url_state !== undefined && { url_state: sent.url_state }),
    })
  }

  /** The claims of the userinfo endpoint, without the claims of the protocol. */
  async function userInfo({
    account: owner,
    isNewAccount,
  }: AuthenticationResult): Promise<object | undefined> {
    if (!settings.loadUserInfo) return undefined
    try {
      return withoutProtocolClaims(await auth.userInfo({ account: owner }), settings)
    } catch (error) {
      // The sign-in fails, so nobody is signed in after it.
      if (isNewAccount) await auth.removeAccount(owner)
      throw error
    }
  }

  const users: Users = {
    account,
    terms: async (owner) => termsOf(await readNote(auth, owner)),

    async load() {
      const owner = account()
      if (!owner) return null
      const note = await readNote(auth, owner)
      return userOf(owner, note, await auth.peek({ ...termsOf(note), account: owner }))
    },

    async adopt(result, given) {
      const { account: owner } = result
      const terms = given ?? fromAppState(result.state).terms ?? { scopes: result.scopes }
      const before = await readNote(auth, owner)
      const note: UserNote = {
        terms,
        scope: grantedScope(result, given ? before?.scope : undefined, terms),
        session_state: sessionStateOf(result) ?? before?.session_state,
        claims: (await userInfo(result)) ?? before?.claims,
        expires_at: Math.floor(result.expiresOn.getTime() / 1000),
      }
      await writeNote(auth, owner, note)
      await removeOthers(owner, auth)
      return userOf(owner, note, result)
    },

    revoke: (types) => revokeTokens(types, users, auth),
    store: (user) => storeUser(user, settings, auth),
  }
  return users
}

/** Removes every account but one: `oidc-client-ts` has one user. */
async function removeOthers(owner: Account, auth: AuthClient): Promise<void> {
  for (const other of auth.accounts)
    if (other.homeAccountId !== owner.homeAccountId) await auth.removeAccount(other)
}

async function revokeTokens(
  types: readonly TokenType[],
  users: Users,
  auth: AuthClient,
): Promise<User | null> {
  const account = users.account()
  const user = await users.load()
  if (!account || !user) return null
  for (const type of types)
    await auth.revokeTokens({ account, types: [type === 'access_token' ? 'access' : 'refresh'] })
  const note = await readNote(auth, account)
  if (note && types.includes('access_token'))
    await writeNote(auth, account, { ...note, revoked_token: user.access_token })
  return user
}

async function storeUser(
  user: User,
  settings: UserManagerSettingsStore,
  auth: AuthClient,
): Promise<void> {
  if (!user.id_token) throw new Error('The user has no `id_token`, so it cannot be stored.')
  const scopes = scopesOf(user.scope ?? settings.scope)
  const expiresAtMs = (user.expires_at ?? 0) * 1000
  const owner = await auth.importSession({
    idToken: user.id_token,
    accessTokens: user.access_token ? [{ token: user.access_token, scopes, expiresAtMs }] : [],
    refreshToken: user.refresh_token ? { token: user.refresh_token, scopes } : undefined,
    activates: true,
  })
  await writeNote(auth, owner, {
    terms: { scopes },
    scope: user.scope,
    session_state: user.session_state,
    claims: user.profile,
    expires_at: user.expires_at,
  })
  await removeOthers(owner, auth)
}

/**
 * The granted scope. A response without `scope` grants the requested scopes (RFC 6749 section 5.1), and a renewal without it grants
 * what was granted before (section 6).
 */
const grantedScope = (
  { response }: AuthenticationResult,
  before: string | undefined,
  { scopes }: TokenTerms,
): string => (typeof response?.scope === 'string' ? response.scope : (before ?? scopes.join(' ')))

const sessionStateOf = (result: AuthenticationResult | null): string | undefined => {
  const state = result?.response?.session_state
  return typeof state === 'string' ? state : undefined
}
