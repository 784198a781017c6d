import { AuthError } from '../errors/errors.ts'
import { isDefaultScope, parseScope, type Scope, type ScopeProfile } from './scope.ts'

/** Scopes as an argument: a set of the same profile, a string with spaces, or single scopes. */
export type ScopesInput = ScopeSet | string | Iterable<string>

/**
 * An immutable set of scopes, created by `ScopeSet.parse`. Scopes with the same key are equal. On Entra, case does not
 * count, and `User.Read` equals `https://graph.microsoft.com/User.Read`. The set returns scopes in the original spelling.
 *
 * Arguments that are not sets are parsed in the profile of this set. Methods with such an argument throw AuthError
 * `invalid_request` for a malformed scope, or for a set of the other profile.
 */
export interface ScopeSet {
  readonly profile: ScopeProfile
  /** The number of different scopes. */
  readonly size: number
  /** The scopes of this set, then the scopes that only `other` has. */
  union(other: ScopesInput): ScopeSet
  /** The scopes of this set that `other` does not have. */
  difference(other: ScopesInput): ScopeSet
  /**
   * True if this set has every scope of `other`. OpenID Connect scopes do not count.
   *
   * On Entra, `<resource>/.default` covers only itself, and only itself covers it. It stands for all consented scopes, which
   * only the token response lists: compare with the granted scopes too.
   */
  covers(other: ScopesInput): boolean
  /**
   * One set per resource, without OpenID Connect scopes. The keys are `Scope.resourceKey` (lower case on Entra). Scopes
   * without a resource have the key `''`; in the profile `oidc` this is every scope.
   */
  byResource(): Map<string, ScopeSet>
  /** The scopes of this set without OpenID Connect scopes. */
  withoutOidc(): ScopeSet
  /** True if this set has the scope, in any spelling. */
  has(text: string): boolean
  /** The scopes in their original order and spelling; the first spelling of a scope wins. Frozen. */
  toArray(): readonly string[]
  /** The scope parameter of a request: `toArray()` with spaces. */
  toString(): string
  /** The unique, sorted keys: equal sets have equal keys. For comparison, not for requests. Frozen. */
  keys(): readonly string[]
}

/** Creates scope sets. */
export const ScopeSet = {
  /**
   * Parses scopes: a string with spaces, or single scopes.
   *
   * @param profile Default `oidc`.
   * @throws AuthError `invalid_request` with the first malformed scope and its fix.
   */
  parse(scopes: string | Iterable<string>, profile: ScopeProfile = 'oidc'): ScopeSet {
    return createScopeSet(texts(scopes), profile)
  },
} as const

/**
 * Throws for sets that Entra would refuse: an access token is for one resource, and `.default` cannot be combined with
 * other scopes. In the profile `oidc` it never throws.
 *
 * @throws AuthError `invalid_request` with the resources and the fix.
 */
export function assertOneResource(set: ScopeSet): void {
  refuse([...resourceProblems(set), ...defaultProblems(set)])
}

/** @throws AuthError `invalid_request` if there is a problem. */
export function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new AuthError('invalid_request', problems.join(' '))
}

/** Returns one sentence if the scopes of a token belong to several resources. */
export function resourceProblems(set: ScopeSet): string[] {
  const groups = [...set.byResource().values()]
  if (groups.length < 2) return []
  const named = groups.map((group) => `${resourceOf(group)} (${group})`).join(', ')
  return [
    `An access token is for one resource, but these scopes belong to ${groups.length}: ${named}. Request one token per resource with \`acquireTokens\`, or move the scopes of the other resources to \`extraScopesToConsent\`.`,
  ]
}

/** Returns one sentence for each resource whose `.default` is combined with other scopes, of any resource. */
export function defaultProblems(set: ScopeSet): string[] {
  return [...set.byResource().values()].flatMap((group) => {
    const defaults = scopesOf(group).filter(isDefaultScope)
    const others = set.withoutOidc().difference(defaults.map((scope) => scope.text))
    if (defaults.length === 0 || others.size === 0) return []
    return [
      `${resourceOf(group)}: ".default" requests all registered permissions and cannot be combined with other scopes (${others}; AADSTS70011). Request the other scopes separately with \`acquireTokens\`, not in \`extraScopesToConsent\`.`,
    ]
  })
}

function createScopeSet(given: Iterable<string>, profile: ScopeProfile): ScopeSet {
  const byKey = new Map<string, Scope>()
  for (const text of given) {
    const scope = parseScope(text, profile)
    if (!byKey.has(scope.key)) byKey.set(scope.key, scope)
  }
  const scopes = [...byKey.values()]
  const inOrder = Object.freeze(scopes.map((scope) => scope.text))
  const sortedKeys = Object.freeze([...byKey.keys()].sort())

  const only = (keep: (scope: Scope) => boolean) =>
    createScopeSet(
      scopes.filter(keep).map((scope) => scope.text),
      profile,
    )
  const read = (other: ScopesInput) => {
    if (!isScopeSet(other)) return createScopeSet(texts(other), profile)
    if (other.profile === profile) return other
    throw new AuthError(
      'invalid_request',
      `Scopes of the profiles "${other.profile}" and "${profile}" cannot be compared. Parse both with one profile.`,
    )
  }

  return Object.freeze<ScopeSet>({
    profile,
    size: scopes.length,
    union: (other) => createScopeSet([...inOrder, ...read(other).toArray()], profile),
    difference(other) {
      const gone = new Set(read(other).keys())
      return only((scope) => !gone.has(scope.key))
    },
    covers: (other) =>
      read(other)
        .withoutOidc()
        .keys()
        .every((key) => byKey.has(key)),
    byResource() {
      const asked = scopes.filter((scope) => !scope.isOidc)
      const resources = new Set(asked.map((scope) => scope.resourceKey))
      return new Map(
        [...resources].map((resource) => [
          resource,
          only((scope) => !scope.isOidc && scope.resourceKey === resource),
        ]),
      )
    },
    withoutOidc: () => only((scope) => !scope.isOidc),
    has: (text) => byKey.has(parseScope(text, profile).key),
    toArray: () => inOrder,
    toString: () => inOrder.join(' '),
    keys: () => sortedKeys,
  })
}

const scopesOf = (set: ScopeSet): Scope[] =>
  set.toArray().map((text) => parseScope(text, set.profile))

const resourceOf = (group: ScopeSet): string => scopesOf(group)[0]?.resource ?? ''

/** Checks the shape, so that a set of another copy of the library counts too. */
const isScopeSet = (value: ScopesInput): value is ScopeSet =>
  typeof value === 'object' && value !== null && 'profile' in value && 'byResource' in value

function texts(scopes: string | Iterable<string>): Iterable<string> {
  if (typeof scopes === 'string') return scopes.split(' ').filter(Boolean)
  if (typeof scopes === 'object' && scopes !== null && Symbol.iterator in scopes) return scopes
  throw new AuthError(
    'invalid_request',
    'Pass scopes as a string with spaces between them, or as an array of strings.',
  )
}
