import { type Challenge, parseChallenges } from '../protocol/www-authenticate.ts'
import { isScope } from '../scopes/scope-values.ts'
import { decodeClaims } from './decode-claims.ts'

/** The demand of an API that refused a request. */
export type ApiChallenge = { readonly resourceMetadata?: string | undefined } & (
  | { readonly kind: 'token'; readonly scopes?: readonly string[] | undefined }
  /** A claims challenge of Entra; `claims` is JSON. */
  | { readonly kind: 'claims'; readonly claims: string }
  /** RFC 9470 section 3. */
  | {
      readonly kind: 'step_up'
      readonly acrValues: readonly string[]
      readonly maxAgeMs: number | undefined
    }
  /** RFC 6750 section 3.1. */
  | { readonly kind: 'scope'; readonly scopes: readonly string[] }
  /** RFC 9449 section 9. */
  | { readonly kind: 'dpop_nonce' }
  /** RFC 9449 section 7.1. */
  | { readonly kind: 'dpop_proof' }
)

/** A response of an API, as far as it can be understood. */
export interface ReadChallenge {
  readonly challenge?: ApiChallenge | undefined
  /** The reason why a challenge could not be read, for a warning. */
  readonly unreadable?: string | undefined
}

/** More values than an API needs; the rest would make the authorization URL too long. */
const MOST_VALUES = 50

/**
 * Reads the challenge of a response. Without a readable challenge, a 401 means that the token was refused: CORS hides the header
 * unless the API exposes it.
 *
 * @param header The `WWW-Authenticate` header.
 */
export function readApiChallenge(status: number, header: string | null): ReadChallenge {
  if (status !== 401 && status !== 403) return {}
  const challenges = parseChallenges(header)
  const own = challenges.filter(({ scheme }) => scheme === 'bearer' || scheme === 'dpop')
  if (own.length === 0) {
    if (status === 403) return {}
    // The API asks for another scheme, for example `Basic`.
    if (challenges.length > 0) return {}
    const unreadable =
      header === null ? 'hides `WWW-Authenticate`, or sends none' : 'sends a malformed header'
    return { challenge: { kind: 'token' }, unreadable }
  }
  const read = own.map((one) => readOne(status, one))
  const found = read.flatMap(({ challenge }) => challenge ?? [])
  const challenge = found.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))[0]
  return { challenge, unreadable: read.find(({ unreadable }) => unreadable)?.unreadable }
}

/** The most specific demand comes first. */
const ORDER: readonly ApiChallenge['kind'][] = [
  'claims',
  'step_up',
  'scope',
  'dpop_nonce',
  'dpop_proof',
  'token',
]

function readOne(status: number, { parameters }: Challenge): ReadChallenge {
  const resourceMetadata = parameters.get('resource_metadata')
  const about = resourceMetadata === undefined ? {} : { resourceMetadata }
  const scopes = scopesIn(parameters.get('scope'))
  const error = parameters.get('error')
  if (error === 'insufficient_scope')
    return scopes
      ? { challenge: { kind: 'scope', scopes, ...about } }
      : { unreadable: 'asks for no valid `scope`' }
  if (status !== 401) return {}
  switch (error) {
    case undefined:
    case 'invalid_token':
      return { challenge: { kind: 'token', scopes, ...about } }
    case 'insufficient_claims': {
      const claims = decodeClaims(parameters.get('claims'))
      return claims === undefined
        ? { unreadable: 'sends `claims` that are no JSON object' }
        : { challenge: { kind: 'claims', claims, ...about } }
    }
    case 'insufficient_user_authentication':
      return readStepUp(parameters, about)
    case 'use_dpop_nonce':
      return { challenge: { kind: 'dpop_nonce', ...about } }
    case 'invalid_dpop_proof':
      return { challenge: { kind: 'dpop_proof', ...about } }
    default:
      return {}
  }
}

function readStepUp(parameters: Challenge['parameters'], about: object): ReadChallenge {
  const acrValues = (parameters.get('acr_values') ?? '').split(' ').filter(isScope)
  const seconds = parameters.get('max_age')
  const isAge = seconds !== undefined && /^\d{1,9}$/.test(seconds)
  if (acrValues.length > MOST_VALUES || (acrValues.length === 0 && !isAge))
    return { unreadable: 'asks for no valid `acr_values` and no valid `max_age`' }
  const maxAgeMs = isAge ? Number(seconds) * 1000 : undefined
  return { challenge: { kind: 'step_up', acrValues, maxAgeMs, ...about } }
}

/** The scopes of a challenge; `undefined` if there is none, or if one is malformed. */
function scopesIn(text: string | undefined): readonly string[] | undefined {
  const scopes = [...new Set(text?.split(' ').filter(Boolean))]
  return scopes.length > 0 && scopes.length <= MOST_VALUES && scopes.every(isScope)
    ? scopes
    : undefined
}
