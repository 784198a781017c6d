import type { ConfidentialClient } from '../api/confidential-client.ts'
import type { ConfidentialClientOptions } from '../api/options.ts'
import { readConfig } from '../context/config.ts'
import { createRuntime } from '../context/runtime.ts'
import { createAcquire } from '../tokens/acquire.ts'
import { createAppTokens } from '../tokens/app-tokens.ts'
import { createLongRunning } from '../tokens/long-running.ts'
import { createQueries } from '../tokens/queries.ts'
import { createUserTokens } from '../tokens/user-tokens.ts'
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
  const runtime = createRuntime(config)
  const { acquire, answers, close } = createAcquire(runtime)
  const queries = createQueries(config)
  return {
    ...createAppTokens(runtime, acquire, queries),
    ...createUserTokens(runtime, acquire, queries),
    longRunning: createLongRunning(runtime, acquire, queries),
    health: () => ({ ...healthOf(runtime), answers: answers() }),
    async close() {
      await close()
      runtime.close()
    },
  }
}
