import type { ConfidentialClient } from '../api/confidential-client.ts'
import type { ConfidentialClientOptions } from '../api/options.ts'
import { createAuthorizationCode, createIdTokenCheck } from '../authorization/authorization-code.ts'
import { readConfig } from '../context/config.ts'
import { createRuntime } from '../context/runtime.ts'
import { createAcquire } from '../tokens/acquire.ts'
import { createApiCalls } from '../tokens/api-calls.ts'
import { createAppTokens } from '../tokens/app-tokens.ts'
import { type ClientParts, keepParts } from '../tokens/client-parts.ts'
import { createLongRunning } from '../tokens/long-running.ts'
import { createQueries } from '../tokens/queries.ts'
import { createSessionRenewals } from '../tokens/session-renewals.ts'
import { createSignedInUsers } from '../tokens/signed-in-users.ts'
import { createUserTokens } from '../tokens/user-tokens.ts'
import { createForUser } from '../web/for-user.ts'
import { createSignIn } from '../web/sign-in.ts'
import { healthOf } from './health.ts'

/**
 * Creates a confidential client. It sends no request before the first token is needed.
 *
 * @throws AuthError `invalid_options`, which names every wrong option.
 */
export async function createConfidentialClient(
  options: ConfidentialClientOptions,
): Promise<ConfidentialClient> {
  const config = readConfig(options)
  const runtime = await createRuntime(config)
  const { acquire, answers, close } = createAcquire(runtime)
  const queries = createQueries(config, runtime.dpop)
  const users = createSignedInUsers(runtime)
  const renewals = createSessionRenewals(runtime)
  const apis = createApiCalls(runtime)
  const parts: ClientParts = {
    ...{ kind: 'confidential', runtime, acquire, queries, users, renewals, apis },
  }
  const client: ConfidentialClient = {
    ...createAppTokens(runtime, acquire, queries),
    ...createUserTokens(runtime, acquire, queries),
    signIn: createSignIn(parts, createAuthorizationCode(parts, createIdTokenCheck(runtime))),
    forUser: createForUser(parts),
    longRunning: createLongRunning(runtime, acquire, queries),
    ...apis.calls,
    health: () => ({ ...healthOf(runtime), answers: answers() }),
    async close() {
      await close()
      runtime.close()
    },
  }
  return keepParts(client, parts)
}
