import type { Client } from '../../model/options.ts'
import type { Tenant, TenantAlias } from '../directory/tenants.ts'
import {
  isRefusal,
  missing,
  pkceRequired,
  type Refusal,
  unsupported,
  unsupportedResponseType,
} from '../errors/refusals.ts'
import { parseScope, type ScopeRequest } from '../scopes/scopes.ts'
import { type ClaimsRequest, parseClaimsRequest } from './claims-request.ts'

/** The parameters that the authorization response needs. They are read first, so that errors can be sent too. */
export interface ReplyTo {
  readonly redirectUri: string
  readonly responseMode: 'query' | 'fragment'
  readonly state: string | null
}

export interface AuthorizationRequest {
  readonly replyTo: ReplyTo
  readonly client: Client
  readonly tenant: Tenant | TenantAlias
  readonly policy: string | undefined
  readonly scope: ScopeRequest
  readonly prompt: Prompt
  readonly codeChallenge: string
  readonly nonce: string | null
  readonly loginHint: string | null
  readonly sid: string | null
  readonly domainHint: string | null
  /** The `claims` parameter as the client sent it; `claimsRequest` is the parsed form. */
  readonly claims: string | null
  readonly claimsRequest: ClaimsRequest
  readonly wantsClientInfo: boolean
}

const prompts = ['', 'none', 'login', 'select_account', 'consent'] as const

type Prompt = (typeof prompts)[number]

export function readReplyTo(parameters: URLSearchParams): ReplyTo {
  return {
    redirectUri: parameters.get('redirect_uri') ?? '',
    responseMode: parameters.get('response_mode') === 'fragment' ? 'fragment' : 'query',
    state: parameters.get('state'),
  }
}

/**
 * Parses the request of a device (RFC 8628 §3.1). No redirect answers it: the device polls. Its user may be another one than the
 * user of the browser, so the pages ask for the account.
 */
export function parseDeviceRequest(
  parameters: URLSearchParams,
  { client, tenant }: Pick<AuthorizationRequest, 'client' | 'tenant'>,
): AuthorizationRequest | Refusal {
  const scope = parseScope(
    parameters.get('scope') ?? '',
    typeof tenant === 'string' ? tenant : tenant.name,
  )
  if (isRefusal(scope)) return scope
  const claims = parameters.get('claims')
  const claimsRequest = parseClaimsRequest(claims)
  if (!claimsRequest) return unsupported('claims', claims ?? '')
  return {
    client,
    tenant,
    scope,
    claims,
    claimsRequest,
    replyTo: { redirectUri: '', responseMode: 'query', state: null },
    policy: undefined,
    prompt: 'select_account',
    codeChallenge: '',
    nonce: null,
    loginHint: null,
    sid: null,
    domainHint: null,
    wantsClientInfo: false,
  }
}

/** Parses the authorization request of a registered client. */
export function parseAuthorizationRequest(
  parameters: URLSearchParams,
  known: Pick<AuthorizationRequest, 'client' | 'replyTo' | 'tenant' | 'policy'>,
): AuthorizationRequest | Refusal {
  const { client, policy, tenant } = known
  const type = parameters.get('response_type')
  if (!type) return missing('response_type')
  if (type !== 'code') return unsupportedResponseType(type, client.clientId)

  const mode = parameters.get('response_mode') ?? 'query'
  if (!['query', 'fragment'].includes(mode)) return unsupported('response_mode', mode)

  const codeChallenge = parameters.get('code_challenge')
  if (!codeChallenge || parameters.get('code_challenge_method') !== 'S256') return pkceRequired()

  const asked = parameters.get('prompt') ?? ''
  const prompt = prompts.find((one) => one === asked)
  if (prompt === undefined) return unsupported('prompt', asked)

  const scope = parseScope(
    parameters.get('scope') ?? '',
    typeof tenant === 'string' ? tenant : tenant.name,
    policy === undefined ? undefined : client.clientId,
  )
  if (isRefusal(scope)) return scope

  const claims = parameters.get('claims')
  const claimsRequest = parseClaimsRequest(claims)
  if (!claimsRequest) return unsupported('claims', claims ?? '')

  return {
    ...known,
    scope,
    prompt,
    codeChallenge,
    claims,
    claimsRequest,
    nonce: parameters.get('nonce'),
    loginHint: parameters.get('login_hint'),
    sid: parameters.get('sid'),
    domainHint: parameters.get('domain_hint'),
    wantsClientInfo: parameters.get('client_info') === '1',
  }
}
