import type { AuthClient } from '../api/auth-client.ts'
import type { SilentRequest } from '../api/requests.ts'
import type { ResourceCalls } from '../api/resource-calls.ts'
import type { AnswerFromCache } from './answer-from-cache.ts'
import type { EngineLoader } from './engine-loader.ts'
import { loaded } from './page/loaded.ts'
import type { StartContext } from './start-context.ts'

/** Creates the calls of APIs. Their part loads at the first call, or when the page is idle. */
export function createApiCalls(
  context: StartContext,
  loader: EngineLoader,
  /** Answers from memory, if no change of another tab is being applied. */
  peek: (request: SilentRequest) => ReturnType<AnswerFromCache>,
  auth: () => AuthClient,
): ResourceCalls & Pick<AuthClient, 'resourceFor'> {
  const { resources } = context.config
  let part: ResourceCalls | undefined
  const load = async (): Promise<ResourceCalls> => {
    const { createResourceCalls } = await loaded(import('../fetch/resource-calls.ts'))
    part ??= createResourceCalls({ context, auth: auth(), loader, peek })
    return part
  }
  /** Passes a call to the part; in the same task if it is loaded. */
  const call = <T>(use: (to: ResourceCalls) => Promise<T>): Promise<T> =>
    part ? use(part) : load().then(use)
  // A request in `pagehide` cannot wait for the part.
  if (resources) context.page.whenIdle(() => void load().catch(() => undefined))

  return {
    fetch: (...given) => call((to) => to.fetch(...given)),
    authorize: (...given) => call((to) => to.authorize(...given)),
    remedy: (...given) => call((to) => to.remedy(...given)),
    tokenFor: (...given) => call((to) => to.tokenFor(...given)),
    resumable: (...given) => call((to) => to.resumable(...given)),
    resourceFor: (url, method = 'GET') =>
      resources?.(String(url), method) ?? { attached: false, reason: 'no_key' },
  }
}
