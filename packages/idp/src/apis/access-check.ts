import { errors, type JWTPayload } from 'jose'
import { revocationChallenge } from '../model/revoked-tokens.ts'
import type { SigningKeys } from '../oidc/signing-keys.ts'
import type { State } from '../state/state.ts'
import type { Context } from '../vendor/oidc-provider.ts'
import { refuse, type Scheme } from './challenge.ts'
import { type Demands, unmetDemand } from './demands.ts'
import { createProofCheck, PROOF_ALGORITHMS } from './proof.ts'
import { resourceMetadataUrl } from './resource-metadata.ts'

/** The requirements of a resource server for an access token. */
export interface Requirement extends Demands {
  /** The accepted values of `aud`. */
  readonly audience: string[]
  readonly scope: string
  /** How `claims` is written in the challenge. Default base64. */
  readonly encode?: (claims: string) => string
}

/** Returns the claims of the access token, or sends 401 or 403 (RFC 6750 §3.1). */
export type AccessCheck = (
  context: Context,
  requirement: Requirement,
) => Promise<JWTPayload | undefined>

/** Checks access tokens like a separate resource server, which knows only the keys of the issuer. */
export function createAccessCheck(
  issuer: string,
  keys: SigningKeys,
  state: Pick<State, 'nonces' | 'revokedTokens' | 'settings'>,
): AccessCheck {
  const { revokedTokens, settings } = state
  const checkProof = createProofCheck(issuer, state)
  const metadataOf = () =>
    settings.get().resourceMetadata === null
      ? {}
      : { resource_metadata: resourceMetadataUrl(issuer) }

  return async function check(context, { audience, scope, encode = base64, ...demands }) {
    const [, given = '', token] = /^(Bearer|DPoP) +(\S+)$/i.exec(context.get('Authorization')) ?? []
    const isRequired = settings.get().dpop === 'required'
    const isDpop = given === '' ? isRequired : given.toLowerCase() === 'dpop'
    const scheme: Scheme = isDpop ? 'DPoP' : 'Bearer'
    const algorithms = isDpop ? { algs: PROOF_ALGORITHMS.join(' ') } : {}
    const no = (status: 401 | 403, parameters: Readonly<Record<string, string>>) =>
      refuse(context, {
        status,
        scheme,
        parameters: { ...parameters, ...algorithms, ...metadataOf() },
      })

    if (token === undefined) return no(401, {})
    const claims = await keys.verifyAccessToken(token, issuer, audience).catch(reasonOf)
    if (typeof claims === 'string')
      return no(401, { error: 'invalid_token', error_description: claims })

    const { jkt } = (claims.cnf ?? {}) as { jkt?: unknown }
    if (isDpop !== (jkt !== undefined)) {
      const error_description = isDpop
        ? 'the access token is bound to no key'
        : 'the access token is bound to a key: use the scheme DPoP'
      return no(401, { error: 'invalid_token', error_description })
    }
    const problem = isDpop ? await checkProof(context, token, jkt) : undefined
    if (problem) return no(401, problem)

    if (revokedTokens.has(token)) {
      return settings.get().revokedTokens === 'insufficient_claims'
        ? no(401, {
            error: 'insufficient_claims',
            claims: encode(revocationChallenge(revokedTokens)),
          })
        : no(401, { error: 'invalid_token', error_description: 'the access token was revoked' })
    }
    const unmet = unmetDemand(claims, demands, encode)
    if (unmet) return no(401, unmet)
    if (!isGranted(claims, scope)) {
      const error_description = `the access token lacks the scope ${scope}`
      return no(403, { error: 'insufficient_scope', error_description, scope })
    }
    return claims
  }
}

const isGranted = ({ scope: granted }: JWTPayload, scope: string): boolean =>
  String(granted ?? '')
    .split(' ')
    .includes(scope)

const base64 = (text: string): string => Buffer.from(text).toString('base64')

function reasonOf(cause: unknown): string {
  if (cause instanceof errors.JWTExpired) return 'the access token expired'
  if (cause instanceof errors.JWTClaimValidationFailed) {
    return `the access token has the wrong ${cause.claim}`
  }
  return 'the access token is not a signed token of this issuer'
}
