import type { parseResources, readApiChallenge } from '@carnet/core/resources'
import type { BffOptions } from '../api/session.ts'

type ApiChallenge = NonNullable<ReturnType<typeof readApiChallenge>['challenge']>
type Resources = ReturnType<typeof parseResources>

/** A further condition of a sign-in. */
export interface SignInDemand {
  /** JSON of OpenID Connect Core section 5.5. */
  readonly claims?: string | undefined
  readonly scopes?: readonly string[] | undefined
  /** RFC 9470 section 3. */
  readonly acrValues?: readonly string[] | undefined
  readonly maxAgeMs?: number | undefined
}

/** A longer text would make the URL of the sign-in too long. */
const LONGEST_CLAIMS = 1500

/** The scopes that the options of a BFF name. A link cannot ask the user for others. */
export const scopesOf = (
  { scopes }: Pick<BffOptions, 'scopes'>,
  resources: Resources,
): ReadonlySet<string> =>
  new Set([
    ...scopes,
    ...resources.flatMap(({ rule }) => [
      ...(rule?.scopes ?? []),
      ...Object.values(rule?.methods ?? {}).flatMap((some) => some ?? []),
    ]),
  ])

/** Reads the demand of an API that only a new sign-in meets; `undefined` if a sign-in does not help. */
export function demandOf(
  challenge: ApiChallenge | undefined,
  known: ReadonlySet<string>,
): SignInDemand | undefined {
  if (challenge?.kind === 'claims') return { claims: challenge.claims }
  if (challenge?.kind === 'step_up')
    return { acrValues: challenge.acrValues, maxAgeMs: challenge.maxAgeMs }
  if (challenge?.kind !== 'scope') return undefined
  const { scopes } = challenge
  return scopes.every((scope) => known.has(scope)) ? { scopes } : undefined
}

/** The URL of the sign-in with a demand. */
export function loginUrlOf(path: string, demand: SignInDemand = {}): string {
  const { claims, scopes = [], acrValues = [], maxAgeMs } = demand
  const query = new URLSearchParams({
    ...(claims !== undefined && claims.length <= LONGEST_CLAIMS && { claims }),
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    ...(acrValues.length > 0 && { acr_values: acrValues.join(' ') }),
    ...(maxAgeMs !== undefined && { max_age: String(Math.floor(maxAgeMs / 1000)) }),
  })
  return query.size === 0 ? path : `${path}?${query}`
}

/** Reads the demand from the URL of the sign-in, into the fields of `signIn.begin`. */
export function readDemand(
  query: URLSearchParams,
  { scopes }: Pick<BffOptions, 'scopes'>,
  known: ReadonlySet<string>,
) {
  const acrValues = query.get('acr_values')
  const maxAge = query.get('max_age') ?? ''
  const more = (query.get('scope') ?? '').split(' ').filter((scope) => known.has(scope))
  return {
    scopes: [...new Set([...scopes, ...more])],
    claims: query.get('claims') || undefined,
    ...(/^\d{1,9}$/.test(maxAge) && { maxAgeMs: Number(maxAge) * 1000 }),
    ...(acrValues && { extraParameters: { acr_values: acrValues } }),
  }
}
