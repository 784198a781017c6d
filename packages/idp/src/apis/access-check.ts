import { errors, type JWTPayload } from 'jose'
import { revocationChallenge } from '../model/revoked-tokens.ts'
import type { SigningKeys } from '../oidc/signing-keys.ts'
import type { State } from '../state/state.ts'
import type { Context } from '../vendor/oidc-provider.ts'
import { refuse, type Scheme } from './challenge.ts'
import { type Demands, unmetDemand } from './demands.ts'
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
  { revokedTokens, settings }: Pick<State, 'revokedTokens' | 'settings'>,
): AccessCheck {
  const metadataOf = () =>
    settings.get().resourceMetadata === null
      ? {}
      : { resource_metadata: resourceMetadataUrl(issuer) }

  return async function check(context, { audience, scope, encode = base64, ...demands }) {
    const scheme: Scheme = 'Bearer'
    const no = (status: 401 | 403, parameters: Record<string, string>) =>
      refuse(context, { status, scheme, parameters: { ...parameters, ...metadataOf() } })

    const [, token] = /^Bearer +(\S+)$/i.exec(context.get('Authorization')) ?? []
    if (token === undefined) return no(401, {})
    const claims = await keys.verifyAccessToken(token, issuer, audience).catch(reasonOf)
    if (typeof claims === 'string')
      return no(401, { error: 'invalid_token', error_description: claims })

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
