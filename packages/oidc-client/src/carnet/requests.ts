import type { InteractiveRequest } from '@carnet/browser'
import type * as Original from 'oidc-client-ts'
import { checkSettings } from '../values/declined.ts'
import type { ClientSettings } from './client-options.ts'
import { type TokenTerms, toAppState } from './sent-state.ts'

export type SigninArgs = Partial<
  Pick<Original.CreateSigninRequestArgs, 'display' | 'response_type'> &
    Original.ExtraSigninRequestArgs
>

/** Parameters of `extraQueryParams` that are fields of a request of Carnet. */
const FIELDS = {
  prompt: 'prompt',
  login_hint: 'loginHint',
  domain_hint: 'domainHint',
  claims: 'claims',
  nonce: 'nonce',
  sid: 'sid',
  resource: 'resource',
} as const

/** The request for the arguments of a sign-in. The user stays at the redirect URI, as apps expect. */
export function requestOf(args: SigninArgs, settings: ClientSettings): InteractiveRequest {
  const given = { ...settings, ...set(args) }
  const { prompt, max_age, resource, display, ui_locales, acr_values } = given
  const extra = texts({
    display,
    ui_locales,
    acr_values,
    ...unsupported(args),
    ...(args.extraQueryParams ?? settings.extraQueryParams),
  })
  const request: InteractiveRequest & Record<string, unknown> = {
    scopes: scopesOf(given.scope),
    prompt,
    loginHint: args.login_hint,
    nonce: args.nonce,
    maxAgeMs: max_age === undefined ? undefined : max_age * 1000,
    resource: resourceOf(resource),
    redirectUri: args.redirect_uri,
    returnTo: false,
    activates: true,
    tokenParameters: some(texts(args.extraTokenParams ?? settings.extraTokenParams)),
  }
  for (const [name, field] of Object.entries(FIELDS))
    if (extra[name] !== undefined) {
      request[field] = extra[name]
      delete extra[name]
    }
  if (extra.max_age !== undefined) {
    request.maxAgeMs = Number(extra.max_age) * 1000
    delete extra.max_age
  }
  request.extraParameters = some(extra)
  const { state: data, url_state } = args
  return { ...request, state: toAppState({ data, url_state, terms: termsOf(request) }) }
}

/** @throws Error for several resources: a request of Carnet has one. */
function resourceOf(resource: string | string[] | undefined): string | undefined {
  checkSettings({ resource })
  return Array.isArray(resource) ? resource[0] : resource
}

/** Arguments without a type that apps in JavaScript give. Carnet sends a hint, and refuses request objects by their name. */
function unsupported(args: SigninArgs): object {
  const { id_token_hint, request, request_uri } = args as Original.CreateSigninRequestArgs
  return { id_token_hint, request, request_uri }
}

export const termsOf = ({
  scopes = [],
  resource,
  extraParameters,
  tokenParameters,
}: InteractiveRequest): TokenTerms => ({ scopes, resource, extraParameters, tokenParameters })

export const scopesOf = (scope: string): string[] => scope.split(/\s+/).filter(Boolean)

const set = (args: object): object =>
  Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined))

/** The values as texts, without the omitted ones. */
export function texts(values: Readonly<Record<string, unknown>>): Record<string, string> {
  const known = Object.entries(values).filter(([, value]) => value !== undefined && value !== null)
  return Object.fromEntries(known.map(([name, value]) => [name, String(value)]))
}

/** The values; `undefined` if there are none, so that requests without them stay equal. */
export const some = (values: Record<string, string>): Record<string, string> | undefined =>
  Object.keys(values).length > 0 ? values : undefined
