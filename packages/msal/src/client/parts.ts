import type {
  AuthenticationResult,
  Configuration,
  INavigationClient,
  LoadTokenOptions,
  SilentRequest,
} from '@azure/msal-browser'
import { type ExternalTokenResponse, Logger } from '@azure/msal-common/browser'
import { type AuthClient, type AuthClientOptions, createAuthClient } from '@carnet/browser'
import { createAccounts } from '../accounts/accounts.ts'
import { createActiveAccount } from '../accounts/active-account.ts'
import type { Flows } from '../calls/flows.ts'
import { createRedirectResults, RESPONSE } from '../calls/redirect-results.ts'
import { createSilentCalls } from '../calls/silent.ts'
import { toClientOptions } from '../config/client-options.ts'
import { fillConfiguration, returnsToStart } from '../config/configuration.ts'
import type { AppContext } from '../context/app-context.ts'
import { createPendingRedirect } from '../context/pending-redirect.ts'
import { toMsalError } from '../errors/to-msal-error.ts'
import { EventHandler } from '../events/event-handler.ts'
import { EventType, NAME, version } from '../names/constants.ts'
import { createGuid } from '../page/create-guid.ts'
import { createFlowsLoader } from './flows-loader.ts'
import { createOpening } from './opening.ts'

/** Composes the parts of an application object. Nothing is opened before `initialize`. */
export function createParts(given: Configuration) {
  const config = fillConfiguration(given)
  let logger = new Logger(config.system.loggerOptions, NAME, version)
  let navigationClient = config.system.navigationClient
  const opening = createOpening()
  const isEntra = (config.system.protocolMode as string) !== 'OIDC'
  const { clientId } = config.auth
  const accounts = createAccounts(opening.client, isEntra)
  const context: AppContext = {
    config,
    isEntra,
    events: new EventHandler(logger),
    accounts,
    active: createActiveAccount(clientId, config.cache.cacheLocation, accounts),
    pending: createPendingRedirect(clientId),
    logger: () => logger,
    navigation: () => navigationClient,
    auth: opening.assertOpen,
  }
  const flows = createFlowsLoader(context)
  async function open(correlationId = createGuid()): Promise<AuthClient> {
    const { events, active } = context
    events.emitEvent(EventType.INITIALIZE_START, correlationId)
    try {
      if ((config.system.protocolMode as string) === 'EAR')
        (await import('../config/refused.ts')).assertSupported(config)
      active.takeOver()
      const hasNetworkClient = given.system?.networkClient !== undefined
      const hooks = { logger: context.logger, leave: flows.leave, hasNetworkClient }
      if (RESPONSE.test(location.href)) flows.load().catch(() => undefined)
      const options = toClientOptions(config, hooks)
      if (options.cache?.location !== 'memory') await keepSessions(options, logger)
      const auth = await createAuthClient(options)
      const loading = flows.load()
      // A click of a user who must sign in opens its popup at once.
      if (auth.accounts.length === 0) await loading
      loading.then((there) => there.announceOtherTabs(auth)).catch(() => undefined)
      return auth
    } catch (error) {
      throw await toMsalError(error, correlationId)
    }
  }

  return {
    ...context,
    silent: createSilentCalls(context, flows.run),
    handleRedirect: createRedirectResults(returnsToStart(given), context, (hash, goesToStart) =>
      flows.run((there) => there.handleRedirect(hash, goesToStart)),
    ),
    assertInitialized: opening.assertInitialized,

    /** Opens the client, once. A failed attempt can be repeated. */
    initialize: (correlationId?: string): Promise<void> =>
      opening.open(
        () => open(correlationId),
        () => context.events.emitEvent(EventType.INITIALIZE_END, correlationId ?? createGuid()),
      ),

    /** Makes a call of the flows, which load at their first call. */
    async flow<T>(call: (flows: Flows) => Promise<T>): Promise<T> {
      context.auth()
      return flows.run(call)
    },

    ...createTokenEntry(context),
    close: (): void => opening.client()?.close(),
    setLogger(other: Logger): void {
      logger = other
    },
    setNavigationClient(other: INavigationClient): void {
      navigationClient = other
    },
  }
}

export type Parts = ReturnType<typeof createParts>

/** Takes over the sessions of `@azure/msal-browser`. If it fails, the next page load tries again. */
async function keepSessions(options: AuthClientOptions, logger: Logger): Promise<void> {
  try {
    // A page without entries of the earlier library loads nothing for them.
    const keys = [sessionStorage, localStorage].flatMap((storage) => Object.keys(storage))
    if (!keys.some((key) => key.startsWith('msal.'))) return
    const { migrateFromMsal } = await import('@carnet/browser/migrate-msal')
    await migrateFromMsal(options)
  } catch (error) {
    logger.warning(`The earlier sessions were not moved: ${error}`, '')
  }
}

/** The calls that put tokens in. Their code loads at the first call. */
function createTokenEntry(context: AppContext) {
  const load = () => import('../calls/external-tokens.ts')
  return {
    async loadTokens(
      request: SilentRequest,
      response: ExternalTokenResponse,
      options: LoadTokenOptions,
    ): Promise<AuthenticationResult> {
      const auth = context.auth()
      return (await load()).loadTokens(request, response, options, context, auth)
    },

    async hydrate(result: AuthenticationResult, request: object): Promise<void> {
      const auth = context.auth()
      const asked = { scopes: result.scopes, ...request }
      await (await load()).hydrate(result, asked, context, auth)
    },
  }
}
