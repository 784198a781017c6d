import { AuthError } from '../errors/errors.ts'
import { serverText } from '../errors/server-text.ts'
import type { ProviderMetadata } from './provider-metadata.ts'

/** The parts of an authorization request that a provider may not support. */
export interface NeededCapabilities {
  readonly prompt?: string | undefined
  /** The claims request of the app. */
  readonly claims?: string | undefined
}

type ResponseMode = 'fragment' | 'query'

/**
 * Throws if the discovery document rules out the request, before the user leaves the page. A missing member means the
 * default of its specification, and never an error.
 *
 * @throws AuthError `unsupported_by_provider`, which names the member of the discovery document.
 */
export function assertSupported(
  metadata: ProviderMetadata,
  { prompt, claims }: NeededCapabilities,
): void {
  const {
    response_types_supported: types,
    grant_types_supported: grants,
    code_challenge_methods_supported: methods,
    prompt_values_supported: prompts,
  } = metadata
  if (types && !types.includes('code'))
    throw unsupported('the response type "code"', 'response_types_supported', types)
  if (grants && !grants.includes('authorization_code'))
    throw unsupported('the grant type "authorization_code"', 'grant_types_supported', grants)
  if (methods && !methods.includes('S256'))
    throw unsupported('PKCE with "S256"', 'code_challenge_methods_supported', methods)
  const unknown = prompts && prompt?.split(' ').find((value) => !prompts.includes(value))
  if (unknown) throw unsupported(`the prompt "${unknown}"`, 'prompt_values_supported', prompts)
  if (claims !== undefined && metadata.claims_parameter_supported === false)
    throw unsupported('the `claims` parameter', 'claims_parameter_supported')
  if (
    metadata.require_pushed_authorization_requests &&
    metadata.pushed_authorization_request_endpoint === undefined
  )
    throw unsupported('requests without PAR', 'require_pushed_authorization_requests')
  if (metadata.require_signed_request_object)
    throw unsupported('requests without a signed request object', 'require_signed_request_object')
}

/**
 * The response mode for a request: the mode that the app chose, else the first mode that the provider supports.
 *
 * @throws AuthError `unsupported_by_provider` if the provider supports neither mode, or not the mode that the app chose.
 */
export function responseModeOf(
  { response_modes_supported: modes }: ProviderMetadata,
  chosen: ResponseMode | undefined,
): ResponseMode {
  const wanted: readonly ResponseMode[] = chosen ? [chosen] : ['fragment', 'query']
  const mode = modes ? wanted.find((one) => modes.includes(one)) : wanted[0]
  if (mode) return mode
  throw unsupported(
    `the response mode "${wanted.join('" or "')}"`,
    'response_modes_supported',
    modes,
  )
}

const unsupported = (what: string, member: string, listed?: readonly string[]) =>
  new AuthError(
    'unsupported_by_provider',
    `The provider does not support ${what}: see \`${member}\` in its discovery document${listed ? ` (${serverText(listed.join(', ')) ?? 'empty'})` : ''}.`,
  )
