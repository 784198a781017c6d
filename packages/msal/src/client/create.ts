import type {
  AuthenticationResult,
  Configuration,
  IPublicClientApplication,
  LoadTokenOptions,
  SilentRequest,
} from '@azure/msal-browser'
import type { ExternalTokenResponse } from '@azure/msal-common/browser'
import { blockNonBrowserEnvironment } from '../page/browser-utils.ts'
import { createParts } from './parts.ts'
import { PublicClientApplication } from './public-client-application.ts'

/** Creates an application object that is initialized. */
export const createStandardPublicClientApplication = (
  configuration: Configuration,
): Promise<IPublicClientApplication> =>
  PublicClientApplication.createPublicClientApplication(configuration)

/** The same, because Carnet does not use the broker of a host. In a host that offers one, it warns. */
export async function createNestablePublicClientApplication(
  configuration: Configuration,
  correlationId = '',
): Promise<IPublicClientApplication> {
  const application = await createStandardPublicClientApplication(configuration)
  if (typeof window !== 'undefined' && 'nestedAppAuthBridge' in window)
    application
      .getLogger()
      .warning(
        'Carnet does not use nested app authentication: it signs in by itself.',
        correlationId,
      )
  return application
}

/** Puts the tokens of a server or of a test into the cache. A later application object finds the account. */
export async function loadExternalTokens(
  config: Configuration,
  request: SilentRequest,
  response: ExternalTokenResponse,
  options: LoadTokenOptions,
): Promise<AuthenticationResult> {
  blockNonBrowserEnvironment()
  const parts = createParts(config)
  await parts.initialize()
  try {
    return await parts.loadTokens(request, response, options)
  } finally {
    parts.close()
  }
}

/** Carnet uses no broker of the platform. */
export const isPlatformBrokerAvailable = async (): Promise<boolean> => false
