import { type Account, AuthError, InteractionRequiredError, isAuthError } from '@carnet/core'
import type { PublicClient, PublicClientOptions, SilentRequest } from '../api/public-client.ts'
import { createAuthorizationCode, createIdTokenCheck } from '../authorization/authorization-code.ts'
import { readConfig } from '../context/config.ts'
import { createRuntime } from '../context/runtime.ts'
import { noCredential } from '../credentials/no-credential.ts'
import { createInteractive } from '../interactive/interactive.ts'
import { createAcquire } from '../tokens/acquire.ts'
import { createApiCalls } from '../tokens/api-calls.ts'
import { type ClientParts, keepParts } from '../tokens/client-parts.ts'
import { createDeviceCodeFlow } from '../tokens/device-code.ts'
import { createQueries } from '../tokens/queries.ts'
import { createSessionRenewals } from '../tokens/session-renewals.ts'
import { createSignedInUsers } from '../tokens/signed-in-users.ts'
import { healthOf } from './health.ts'

/**
 * Creates a public client, for a command-line tool or a desktop app. With `fileStore`, its users stay signed in.
 *
 * @throws AuthError `invalid_options`, which names every wrong option.
 */
export async function createPublicClient(options: PublicClientOptions): Promise<PublicClient> {
  const config = readConfig({ ...options, credential: noCredential })
  const runtime = await createRuntime(config)
  const { acquire, answers, close } = createAcquire(runtime)
  const queries = createQueries(config, runtime.dpop)
  const users = createSignedInUsers(runtime)
  const renewals = createSessionRenewals(runtime)
  const { refresh, keepFirst } = renewals
  const apis = createApiCalls(runtime)
  const parts: ClientParts = {
    ...{ kind: 'public', runtime, acquire, queries, users, renewals, apis },
  }

  async function accountOf(wanted: Account | undefined): Promise<Account> {
    const all = await users.all()
    if (all.length === 0) throw new AuthError('no_account', 'Nobody is signed in.')
    const id = wanted && users.ownerOf(wanted).id
    const found = all.filter((one) => id === undefined || users.ownerOf(one).id === id)
    if (found.length === 1 && found[0]) return found[0]
    throw new AuthError(
      'account_not_found',
      wanted ? 'The account is not signed in.' : 'Several users are signed in: name the account.',
    )
  }

  const code = createAuthorizationCode(parts, createIdTokenCheck(runtime))
  const client: PublicClient = {
    acquireTokenInteractive: createInteractive(runtime, code),
    acquireTokenByDeviceCode: createDeviceCodeFlow({ runtime, queries, users, keepFirst }),
    async acquireTokenSilent(request: SilentRequest) {
      const owner = users.ownerOf(request.account ?? (await accountOf(undefined)))
      try {
        const result = await acquire(queries.of(owner, request), refresh, request)
        // The list remembers a user as long as the refresh token.
        if (!result.fromCache && result.account) await users.add(result.account)
        return result
      } catch (error) {
        if (!isAuthError(error, 'session_not_found')) throw error
        await accountOf(request.account)
        const { scopes, claims } = request
        throw new InteractionRequiredError('login', 'The user must sign in again.', {
          scopes,
          claims,
        })
      }
    },
    ...apis.calls,
    accounts: users.all,
    signOut: users.remove,
    health: () => ({ ...healthOf(runtime), answers: answers() }),
    async close() {
      await close()
      runtime.close()
    },
  }
  return keepParts(client, parts)
}
