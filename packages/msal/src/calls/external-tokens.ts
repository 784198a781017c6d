import type { AuthenticationResult, LoadTokenOptions, SilentRequest } from '@azure/msal-browser'
import type { ExternalTokenResponse } from '@azure/msal-common/browser'
import type { AuthClient, ImportedSession } from '@carnet/browser'
import type { AppContext } from '../context/app-context.ts'
import { BrowserAuthError } from '../errors/browser-auth-error.ts'
import { toMsalError } from '../errors/to-msal-error.ts'
import { createGuid } from '../page/create-guid.ts'
import { authorityOf } from '../requests/common.ts'
import { toResult } from '../results/to-result.ts'

/** The requests whose tokens can be put in. */
type AnyRequest = Pick<SilentRequest, 'scopes' | 'authority' | 'correlationId' | 'account'> & {
  readonly state?: string | undefined
}

/** Puts a session in, and returns its result. It sends no token request. */
async function putIn(
  session: ImportedSession,
  request: AnyRequest,
  context: Pick<AppContext, 'accounts'>,
  auth: AuthClient,
): Promise<AuthenticationResult> {
  const correlationId = request.correlationId || createGuid()
  try {
    const account = await auth.importSession(session)
    const token = session.accessTokens?.[0]
    const info = context.accounts.infoOf(account)
    const held = token && (await auth.peek({ account, scopes: token.scopes }))
    if (held) return toResult(held, context.accounts, { correlationId, state: request.state ?? '' })
    const expiresOn = token ? new Date(token.expiresAtMs) : null
    return {
      authority: session.authority ?? '',
      uniqueId: info.localAccountId,
      tenantId: info.tenantId,
      scopes: [...(token?.scopes ?? [])],
      account: info,
      idToken: session.idToken,
      idTokenClaims: { ...account.idTokenClaims },
      accessToken: token?.token ?? '',
      fromCache: true,
      expiresOn,
      ...(expiresOn && { extExpiresOn: expiresOn }),
      correlationId,
      requestId: '',
      familyId: '',
      tokenType: 'Bearer',
      state: request.state ?? '',
      cloudGraphHostName: '',
      msGraphHost: '',
      fromPlatformBroker: false,
    }
  } catch (error) {
    throw await toMsalError(error, correlationId)
  }
}

/** Puts the tokens of a server or of a test into the cache (`loadExternalTokens`). */
export async function loadTokens(
  request: AnyRequest,
  response: ExternalTokenResponse,
  options: LoadTokenOptions,
  context: Pick<AppContext, 'accounts'>,
  auth: AuthClient,
): Promise<AuthenticationResult> {
  const { id_token: idToken = request.account?.idToken } = response
  if (!idToken) throw new BrowserAuthError('unable_to_load_token', request.correlationId ?? '')
  const nowSeconds = Math.floor(Date.now() / 1000)
  const expiresOn = options.expiresOn ?? nowSeconds + Number(response.expires_in ?? 0)
  const refreshExpiry = response.refresh_token_expires_in
  const session: ImportedSession = {
    idToken,
    ...authorityFields(request),
    ...homeAccountOf(request, options.clientInfo || response.client_info),
    ...(response.access_token && {
      accessTokens: [
        {
          token: response.access_token,
          scopes: response.scope?.split(' ').filter(Boolean) ?? request.scopes,
          expiresAtMs: expiresOn * 1000,
          response: sent(response.scope?.split(' ') ?? request.scopes),
        },
      ],
    }),
    ...(response.refresh_token && {
      refreshToken: {
        token: response.refresh_token,
        ...(refreshExpiry && { expiresAtMs: (nowSeconds + Number(refreshExpiry)) * 1000 }),
      },
    }),
  }
  return putIn(session, request, context, auth)
}

/** Puts a result into the cache (`hydrateCache`). */
export async function hydrate(
  result: AuthenticationResult,
  request: AnyRequest,
  context: Pick<AppContext, 'accounts'>,
  auth: AuthClient,
): Promise<void> {
  const { idToken, accessToken, scopes, expiresOn, account } = result
  const session: ImportedSession = {
    idToken,
    ...authorityFields({ authority: request.authority ?? result.authority }),
    ...(account.homeAccountId && { homeAccountId: account.homeAccountId }),
    ...(accessToken &&
      expiresOn && {
        accessTokens: [
          {
            token: accessToken,
            scopes,
            expiresAtMs: expiresOn.getTime(),
            response: sent(scopes),
          },
        ],
      }),
  }
  await putIn(session, request, context, auth)
}

/** The scopes for results, with those of OpenID Connect. */
const sent = (scopes: readonly string[]) => ({ scope: scopes.join(' ') })

function authorityFields(request: Pick<SilentRequest, 'authority'>) {
  const authority = authorityOf(request)
  return authority ? { authority } : {}
}

/** The home account of Entra, from the request or from `client_info`. */
function homeAccountOf({ account }: AnyRequest, clientInfo: string | undefined) {
  if (account?.homeAccountId) return { homeAccountId: account.homeAccountId }
  if (!clientInfo) return {}
  try {
    const text = atob(clientInfo.replaceAll('-', '+').replaceAll('_', '/'))
    const { uid, utid } = JSON.parse(text) as Record<string, unknown>
    return typeof uid === 'string' && typeof utid === 'string'
      ? { homeAccountId: `${uid}.${utid}` }
      : {}
  } catch {
    throw new BrowserAuthError('unable_to_load_token', '')
  }
}
