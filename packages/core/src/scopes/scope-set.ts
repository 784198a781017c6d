import { AuthError } from '../errors/errors.ts'
import { isDefaultScope, parseScope, type Scope, type ScopeProfile } from './scope.ts'

/** Where scopes are asked for: a set of the same profile, a text with spaces, or single scopes. */
export type ScopesInput = ScopeSet | string | Iterable<string>

/**
 * Scopes as an immutable value; made by `ScopeSet.parse`. Scopes are equal where their keys are: on
 * Entra whatever their case, and `User.Read` is `https://graph.microsoft.com/User.Read`. What is
 * written out is always the spelling that was given, never the key.
 *
 * Arguments that are not sets are read in this set's profile. Every method that takes one throws
 * AuthError `invalid_request` for a malformed scope, or for a set of the other profile.
 */
export interface ScopeSet {
  readonly profile: ScopeProfile
  /** How many different scopes. */
  readonly size: number
  /** These, then those of `other` that are not here. */
  union(other: ScopesInput): ScopeSet
  /** These without those of `other`. */
  difference(other: ScopesInput): ScopeSet
  /**
   * True where every scope of `other` is here, those of OpenID Connect aside.
   *
   * On Entra `<resource>/.default` covers nothing but itself and is covered by nothing else: it stands for
   * what was consented to, which only the granted scopes of the answer can say. Match by those too.
   */
  covers(other: ScopesInput): boolean
  /**
   * One set per resource, OpenID Connect's own scopes left out. The keys are `Scope.resourceKey` (lower
   * case on Entra), `''` for the scopes without a resource: in the profile `oidc` for all of them.
   */
  byResource(): Map<string, ScopeSet>
  /** These without the scopes of OpenID Connect itself. */
  withoutOidc(): ScopeSet
  /** True where this one scope is here, in any of its spellings. */
  has(text: string): boolean
  /** In the order and the spelling given; the first spelling of a scope wins. Frozen. */
  toArray(): readonly string[]
  /** The scope parameter of a request: `toArray()` with spaces. */
  toString(): string
  /** Unique and sorted: equal sets have equal keys. Frozen. To compare by, not to send. */
  keys(): readonly string[]
}

export const ScopeSet = {
  /**
   * Reads scopes: a text with spaces, or single scopes.
   *
   * @param profile Default `oidc`.
   * @throws AuthError `invalid_request` that names the first malformed scope and how to mend it.
   */
  parse(scopes: string | Iterable<string>, profile: ScopeProfile = 'oidc'): ScopeSet {
    return createScopeSet(texts(scopes), profile)
  },
} as const

/**
 * Refuses what Entra would refuse: an access token is for one resource, and `.default` cannot stand
 * beside other scopes. In the profile `oidc` there is nothing to refuse.
 *
 * @throws AuthError `invalid_request` that names the resources and what to do instead.
 */
export function assertOneResource(set: ScopeSet): void {
  refuse([...resourceProblems(set), ...defaultProblems(set)])
}

/** @throws AuthError `invalid_request` where there is a problem. */
export function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new AuthError('invalid_request', problems.join(' '))
}

/** One sentence where scopes of one token are of several resources. */
export function resourceProblems(set: ScopeSet): string[] {
  const groups = [...set.byResource().values()]
  if (groups.length < 2) return []
  const named = groups.map((group) => `${resourceOf(group)} (${group})`).join(', ')
  return [
    `An access token is for one resource, and these scopes are of ${groups.length}: ${named}. Ask for one token each with \`acquireTokens\`, or keep the scopes of one resource and move the others to \`extraScopesToConsent\`.`,
  ]
}

/** One sentence for each resource whose `.default` stands beside other scopes, its own or those of another. */
export function defaultProblems(set: ScopeSet): string[] {
  return [...set.byResource().values()].flatMap((group) => {
    const defaults = scopesOf(group).filter(isDefaultScope)
    const others = set.withoutOidc().difference(defaults.map((scope) => scope.text))
    if (defaults.length === 0 || others.size === 0) return []
    return [
      `${resourceOf(group)}: ".default" asks for all that is registered, and cannot stand beside other scopes (${others}; AADSTS70011). Ask for one or the other, and for the rest with \`acquireTokens\`, not in \`extraScopesToConsent\`.`,
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
      `Scopes of the profile "${other.profile}" cannot be compared with those of "${profile}": they are read differently. Parse both with one profile.`,
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

/** By shape, so that the set of another copy of the library is one too. */
const isScopeSet = (value: ScopesInput): value is ScopeSet =>
  typeof value === 'object' && value !== null && 'profile' in value && 'byResource' in value

function texts(scopes: string | Iterable<string>): Iterable<string> {
  if (typeof scopes === 'string') return scopes.split(' ').filter(Boolean)
  if (typeof scopes === 'object' && scopes !== null && Symbol.iterator in scopes) return scopes
  throw new AuthError(
    'invalid_request',
    'Scopes are a text with spaces between them, or an array of such: pass one of these.',
  )
}
