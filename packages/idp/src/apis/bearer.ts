import { errors } from 'jose'
import type { SigningKeys } from '../oidc/signing-keys.ts'
import type { Context } from '../vendor/oidc-provider.ts'

/** The requirements of a resource server for an access token. */
export interface Requirement {
  readonly issuer: string
  /** The accepted values of `aud`. */
  readonly audience: string[]
  readonly scope: string
}

/** Returns the `sub` of the access token, or sends 401 or 403 (RFC 6750 §3.1). */
export async function authorize(
  context: Context,
  keys: SigningKeys,
  { issuer, audience, scope }: Requirement,
): Promise<string | undefined> {
  const [, token] = /^Bearer +(\S+)$/i.exec(context.get('Authorization')) ?? []
  if (token === undefined) return refuse(context, 401, {})
  try {
    const { scope: granted, sub } = await keys.verifyAccessToken(token, issuer, audience)
    if (
      String(granted ?? '')
        .split(' ')
        .includes(scope)
    )
      return sub
    const error_description = `the access token lacks the scope ${scope}`
    return refuse(context, 403, { error: 'insufficient_scope', error_description, scope })
  } catch (cause) {
    const error_description = reasonOf(cause)
    return refuse(context, 401, { error: 'invalid_token', error_description })
  }
}

function refuse(context: Context, status: number, problem: Record<string, string>): undefined {
  const parameters = Object.entries(problem).map(([name, value]) => `${name}="${value}"`)
  context.set('WWW-Authenticate', ['Bearer', parameters.join(', ')].join(' ').trim())
  context.status = status
  context.body = { error: 'unauthorized', ...problem }
}

function reasonOf(cause: unknown): string {
  if (cause instanceof errors.JWTExpired) return 'the access token expired'
  if (cause instanceof errors.JWTClaimValidationFailed) {
    return `the access token has the wrong ${cause.claim}`
  }
  return 'the access token is not a signed token of this issuer'
}
