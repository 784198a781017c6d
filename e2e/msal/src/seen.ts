/** The parts of results, errors and events that the same app must see with both libraries. Ids and times vary. */
import type { AccountInfo, AuthenticationResult, EventMessage } from '@azure/msal-browser'

const CLASSES = [
  'BrowserAuthError',
  'BrowserConfigurationAuthError',
  'ClientAuthError',
  'ClientConfigurationError',
  'InteractionRequiredAuthError',
  'ServerError',
  'AuthError',
] as const

type Library = typeof import('@azure/msal-browser')

export function seenError(error: unknown, library: Library): object {
  const classes = CLASSES.filter((name) => error instanceof library[name])
  const { errorCode, subError, errorNo, name, correlationId } = Object(error) as Record<
    string,
    unknown
  >
  return { classes, errorCode, subError, errorNo, name, hasId: typeof correlationId === 'string' }
}

export const seenAccount = (account: AccountInfo): object => ({
  homeAccountId: account.homeAccountId,
  localAccountId: account.localAccountId,
  tenantId: account.tenantId,
  environment: account.environment,
  username: account.username,
  name: account.name,
  authorityType: account.authorityType,
  hasIdToken: typeof account.idToken === 'string',
  subject: account.idTokenClaims?.sub,
  profiles: [...(account.tenantProfiles ?? [])].map(([tenantId, profile]) => ({
    tenantId,
    isHomeTenant: profile.isHomeTenant,
    localAccountId: profile.localAccountId,
    name: profile.name,
  })),
})

const isAccount = (value: unknown): value is AccountInfo =>
  typeof value === 'object' && value !== null && 'homeAccountId' in value

const isResult = (value: unknown): value is AuthenticationResult =>
  typeof value === 'object' && value !== null && 'accessToken' in value

export function seenResult(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(seenResult)
  if (isResult(value)) {
    const { account, scopes, expiresOn, extExpiresOn, state, uniqueId, tenantId } = value
    return {
      account: seenAccount(account),
      scopes: [...scopes].sort(),
      hasToken: value.accessToken !== '',
      hasIdToken: value.idToken !== '',
      subject: Reflect.get(value.idTokenClaims, 'sub'),
      expires: [expiresOn instanceof Date, extExpiresOn instanceof Date],
      fromCache: value.fromCache,
      tokenType: value.tokenType,
      authority: value.authority,
      fromPlatformBroker: value.fromPlatformBroker,
      state,
      uniqueId,
      tenantId,
    }
  }
  return isAccount(value) ? seenAccount(value) : value
}

/** An event: its type, its interaction, and the kind of its payload. */
export function seenEvent(message: EventMessage, library: Library): object {
  const { eventType, interactionType, payload, error, correlationId, timestamp } = message
  const kind = payload && Object.hasOwn(payload, 'popupWindow') ? 'popup' : kindOf(payload)
  return {
    eventType,
    interactionType,
    payload: kind,
    error: error && Reflect.get(error, 'errorCode'),
    isWhole: typeof correlationId === 'string' && typeof timestamp === 'number',
    status: library.EventMessageUtils.getInteractionStatusFromEvent(message),
  }
}

function kindOf(payload: unknown): string | null {
  if (!payload) return null
  if (isResult(payload)) return 'result'
  return isAccount(payload) ? 'account' : 'request'
}
