/** The interactions with the user, and the parts that they share. Loads when the first of them is needed. */
import { AuthError } from '@carnet/core'
import type { MetadataSource, VerifyIdToken } from '@carnet/core/network'
import type { AuthenticationResult } from '../../api/result.ts'
import type { Context } from '../../context/context.ts'
import { lazily } from '../../platform/lazily.ts'
import { loaded } from '../../startup/page/loaded.ts'
import type { ResponseInUrl, ResponseKind } from '../../startup/response.ts'
import {
  type Flow,
  type StartedAuthorization,
  type StartRequest,
  startAuthorization,
} from '../authorization/authorization-request.ts'
import { interactionQueueOf } from '../authorization/queue.ts'
import { createRefusedScopes } from '../authorization/refused-scopes.ts'
import { createRunning } from '../authorization/running.ts'
import { createTabTransactions } from '../authorization/tab-transactions.ts'
import { createTransactions } from '../authorization/transactions.ts'
import type { IframeSupport } from '../iframe/iframe-support.ts'
import type { SilentIframe } from '../iframe/silent-iframe.ts'
import { createPopupFlow, type PopupFlow } from '../popup/popup.ts'
import { createStartRedirect } from '../redirect/redirect.ts'
import { createLoopBreaker, type LoopBreaker } from '../redirect/redirect-loop.ts'
import { settleAwaited } from '../relay/settle-awaited.ts'
import { answerOf } from '../response/unusable-answer.ts'
import { type CompletionDeps, createCompletion } from './completion.ts'
import { createFinishEarlier } from './finish-earlier.ts'
import { createInteract, type Interact, type InteractionDeps } from './interact.ts'
import { createUnfinished } from './unfinished.ts'

/** The parts of a client that its interactions use. */
export interface FlowsDeps {
  /** Reads again what other tabs may have changed. */
  readonly resync: () => Promise<void>
  readonly metadataOf: MetadataSource
  readonly verifyIdToken: VerifyIdToken | undefined
  readonly memory: IframeSupport
  /** Rejects with a transient error if the provider cannot be reached. */
  readonly assertReachable: (authority: string) => Promise<void>
}

/** The operations that take the user, or a hidden iframe, to the provider. */
export interface Flows extends Interact {
  readonly flow: Flow
  /** Completes a response in the URL. `read` resolves when the accounts are read. */
  completeResponse(
    response: ResponseInUrl,
    read: Promise<void>,
    keepsAddress?: boolean,
  ): Promise<AuthenticationResult>
  /** Finishes the sign-ins of pages that have ended, and returns the result of a redirect of this tab. */
  finishEarlier(): Promise<AuthenticationResult | undefined>
  /** Settles a response that this tab still waits for when the app in it has started. */
  settleAwaited(): Promise<void>
  /** Sends a request in a hidden iframe. */
  readonly askInFrame: SilentIframe['ask']
  /** The parts that a sign-out shares with the other interactions. */
  readonly shared: Omit<InteractionDeps, 'ways'> & {
    readonly popups: PopupFlow
    readonly loops: LoopBreaker
  }
}

/** Creates the interactions of a client. */
export function createFlows(context: Context, deps: FlowsDeps): Flows {
  const { config, page, platform, store, events, snapshots, closed } = context
  const { resync, metadataOf, verifyIdToken, memory } = deps
  const { partition } = config
  const { transactionLifetimeMs } = config.interaction
  const tabCopies = createTabTransactions(store.isDegraded)
  const transactions = createTransactions(partition, store, transactionLifetimeMs, tabCopies)
  const refused = createRefusedScopes(partition, store, platform.now)
  const loops = createLoopBreaker(context)
  const { tokenHttp } = context.custody
  const completing: CompletionDeps = {
    ...{ metadataOf, http: tokenHttp, verifyIdToken, transactions, refused, memory, loops },
    unfinished: createUnfinished(context),
    answerInFrame: async (...request) => (await frame.get()).answer(...request),
  }
  const completion = createCompletion(context, completing)
  const { forget: forgetTransaction } = transactions
  const flow: Flow = { start, forgetTransaction, ...completion, complete }
  const popups = createPopupFlow(config, flow)
  const frame = lazily(async () => {
    const { createSilentIframe } = await loaded(import('../iframe/silent-iframe.ts'))
    return createSilentIframe(context, memory, flow, deps.assertReachable)
  })

  async function start(request: StartRequest, kind: ResponseKind): Promise<StartedAuthorization> {
    const deps = { metadataOf, transactions, refused }
    const started = await startAuthorization(request, kind, context, deps)
    // The code is redeemed soon. A page that leaves starts no worker: it could not come back from the back-forward cache.
    if (kind === 'popup') context.custody.attend()
    return started
  }

  /** Reports each redirect response of this tab to the loop breaker. */
  function complete(...[response, how = {}]: Parameters<Flow['complete']>) {
    const ending = completion.complete(response, how)
    return how.held ? ending : loops.answered(response.get('state') ?? '', ending)
  }

  const askInFrame: SilentIframe['ask'] = async (...request) => (await frame.get()).ask(...request)

  function assertOpen(): void {
    if (closed.aborted) throw new AuthError('client_closed', 'The client was closed.')
  }

  const enqueue = interactionQueueOf(context, resync)
  const running = createRunning(events, snapshots)
  const interaction = { events, enqueue, assertOpen, running, closed }
  const ways = {
    depart: createStartRedirect(context, flow, loops),
    askInPopup: popups.ask,
    askInFrame,
  }
  return {
    ...createInteract(context, { ...interaction, ways }),
    flow,
    completeResponse: (response, read, keepsAddress = false) =>
      complete(answerOf(response), { read, keepsAddress }),
    finishEarlier: createFinishEarlier(context, completing),
    settleAwaited: () => settleAwaited(page, config),
    askInFrame,
    shared: { ...interaction, popups, loops },
  }
}
