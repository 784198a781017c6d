import type { Context } from '../vendor/oidc-provider.ts'
import type { AccessCheck, Requirement } from './access-check.ts'
import { echo } from './echo.ts'
import { streamEvents } from './event-stream.ts'

const SCOPE = 'calendar.read'

/** The challenge of `/api/claims` without a parameter and without the setting `claimsChallenge`. */
const standardClaims = JSON.stringify({
  access_token: { acrs: { essential: true, value: 'c1' } },
})

const REDIRECTS = [301, 302, 303, 307, 308]

/** The parts that the APIs for challenges need. */
export interface Challenging {
  readonly issuer: string
  /** The origin that counts the headers that arrive there. */
  readonly otherOrigin: string
  readonly check: AccessCheck
  /** The setting `claimsChallenge`. */
  readonly claimsChallenge: () => string | null
}

/**
 * Answers the APIs that exist for the tests of clients: `/api/echo`, `/api/claims`, `/api/step-up`, `/api/events`,
 * `/api/redirect/<status>` and `/api/public/echo`. All accept every method.
 *
 * @returns False if the path belongs to no such API.
 */
export async function answerChallenging(
  context: Context,
  { issuer, otherOrigin, check, claimsChallenge }: Challenging,
): Promise<boolean> {
  const [, , name = '', detail = ''] = context.path.split('/')
  const { searchParams } = new URL(context.href)
  const audience = [`${issuer}/api`, `${issuer}/calendar`]
  const scope = searchParams.get('scope') ?? SCOPE

  async function echoIf(demands: Partial<Requirement> = {}): Promise<true> {
    const claims = await check(context, { audience, scope, ...demands })
    if (!claims) return true
    const { sub, acr, auth_time, acrs, authorization_details, cnf } = claims
    context.status = 200
    context.body = {
      ...(await echo(context)),
      ...{ sub, acr, auth_time, acrs, authorization_details, cnf },
    }
    return true
  }

  switch (name) {
    case 'echo':
      return echoIf()
    case 'claims':
      return echoIf({
        claims: searchParams.get('claims') ?? claimsChallenge() ?? standardClaims,
        encode: encoderOf(searchParams.get('encoding')),
      })
    case 'step-up':
      return echoIf(stepUpOf(searchParams))
    case 'events': {
      const claims = await check(context, { audience, scope })
      if (claims) streamEvents(context, String(claims.sub))
      return true
    }
    case 'redirect': {
      const status = Number(detail)
      if (!REDIRECTS.includes(status)) return false
      const to = searchParams.get('to') ?? 'same'
      const targets: Record<string, string> = {
        same: `${issuer}/api/echo`,
        other: `${otherOrigin}/api/echo`,
      }
      context.redirect(targets[to] ?? new URL(to, issuer).href)
      context.status = status
      return true
    }
    case 'public':
      if (detail !== 'echo') return false
      context.status = 200
      context.body = await echo(context)
      return true
    default:
      return false
  }
}

function stepUpOf(parameters: URLSearchParams): Partial<Requirement> {
  const acrValues = parameters.get('acr_values')
  const maxAge = parameters.get('max_age')
  if (acrValues === null && maxAge === null) return { acrValues: ['mfa'] }
  return {
    ...(acrValues !== null && { acrValues: acrValues.split(' ') }),
    ...(maxAge !== null && { maxAge: Number(maxAge) }),
  }
}

/** No specification names the encoding: Entra sends base64, other APIs send base64url or the JSON itself. */
function encoderOf(encoding: string | null): (claims: string) => string {
  if (encoding === 'json') return (claims) => claims
  if (encoding === 'base64url') return (claims) => Buffer.from(claims).toString('base64url')
  return (claims) => Buffer.from(claims).toString('base64')
}
