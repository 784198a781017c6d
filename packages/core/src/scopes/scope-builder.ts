import { AuthError } from '../errors/errors.ts'
import { GRAPH_RESOURCE, parseScope, type ScopeProfile, scopeProblem } from './scope.ts'
import { defaultProblems, refuse, resourceProblems, ScopeSet } from './scope-set.ts'

/** Delegated permissions of Microsoft Graph that browser apps often request. Any other name is allowed too. */
export type GraphPermission =
  | 'User.Read'
  | 'User.ReadWrite'
  | 'User.ReadBasic.All'
  | 'User.Read.All'
  | 'People.Read'
  | 'Contacts.Read'
  | 'Contacts.ReadWrite'
  | 'Mail.Read'
  | 'Mail.ReadBasic'
  | 'Mail.ReadWrite'
  | 'Mail.Send'
  | 'MailboxSettings.Read'
  | 'Calendars.Read'
  | 'Calendars.ReadBasic'
  | 'Calendars.ReadWrite'
  | 'Files.Read'
  | 'Files.Read.All'
  | 'Files.ReadWrite'
  | 'Files.ReadWrite.All'
  | 'Sites.Read.All'
  | 'Tasks.Read'
  | 'Tasks.ReadWrite'
  | 'Notes.Read'
  | 'Presence.Read'
  | 'Chat.Read'
  | 'ChannelMessage.Send'
  | 'OnlineMeetings.ReadWrite'
  | 'Team.ReadBasic.All'
  | 'Group.Read.All'
  | 'Directory.Read.All'
  | (string & {})

/** The scope fields of a request. */
export interface BuiltScopes {
  /** The scopes of the token. On Entra they belong to one resource. */
  scopes: string[]
  /** Scopes of any resource for the consent of the user only, so that later tokens need no prompt. */
  extraScopesToConsent: string[]
}

/** The unchecked result of the calls so far. */
export interface AskedScopes {
  readonly scopes: readonly string[]
  readonly extraScopesToConsent: readonly string[]
  /** The problems of the calls so far, as sentences. `build()` throws them. */
  readonly problems: readonly string[]
}

/** Collects scopes step by step. Immutable: each call returns a new builder. */
export interface ScopeBuilder {
  readonly profile: ScopeProfile
  /** The scopes so far, unchecked. Send the result of `build()` instead, which is checked. */
  readonly asked: AskedScopes
  /**
   * Permissions of Microsoft Graph, by their short names: `.graph('User.Read')`.
   *
   * @throws AuthError `invalid_request` in the profile `oidc`, which has no Graph.
   */
  graph(...names: GraphPermission[]): ScopeBuilder
  /**
   * Permissions of an API: `.api('api://1111', 'api.read')` requests `api://1111/api.read`. The builder inserts one slash and
   * removes none. A resource that ends with a slash keeps it: `https://management.core.windows.net/` gives
   * `https://management.core.windows.net//user_impersonation`.
   */
  api(resource: string, ...names: string[]): ScopeBuilder
  /** Complete scopes, one per argument: `.add('openid', 'api://1111/api.read')`. */
  add(...scopes: string[]): ScopeBuilder
  /**
   * All permissions that the app registration lists for a resource: `<resource>/.default`, with a slash as in `api`. It cannot
   * be combined with other scopes, also not with scopes for consent.
   *
   * @throws AuthError `invalid_request` in the profile `oidc`, which has no `.default`.
   */
  default(resource: string): ScopeBuilder
  /**
   * Requests consent now, but no token: for complete scopes, or for all scopes of another builder.
   *
   * @throws AuthError `invalid_request` for a builder of the other profile.
   */
  consentLater(...scopes: (string | ScopeBuilder)[]): ScopeBuilder
  /**
   * Checks the scopes and returns the fields for a request. The fields keep the order and the spelling, without duplicates. A
   * scope that is requested both ways stays in `scopes` only.
   *
   * @throws AuthError `invalid_request` with all problems and their fixes: no scope, malformed scopes, two resources in one
   * token, or `.default` together with other scopes. Scopes for consent count too, because one request carries both lists.
   */
  build(): BuiltScopes
}

/**
 * Creates a builder: `scopeBuilder().graph('User.Read').consentLater('api://1111/api.read').build()`.
 *
 * @param profile Default `entra`; `oidc` for providers whose scopes are opaque.
 */
export function scopeBuilder(profile: ScopeProfile = 'entra'): ScopeBuilder {
  return createBuilder(profile, { scopes: [], extraScopesToConsent: [], problems: [] })
}

function createBuilder(profile: ScopeProfile, asked: AskedScopes): ScopeBuilder {
  const ask = (more: Partial<AskedScopes>) =>
    createBuilder(profile, {
      scopes: [...asked.scopes, ...(more.scopes ?? [])],
      extraScopesToConsent: [...asked.extraScopesToConsent, ...(more.extraScopesToConsent ?? [])],
      problems: [...asked.problems, ...(more.problems ?? [])],
    })
  const onlyOnEntra = (call: string) => {
    if (profile === 'entra') return
    throw new AuthError(
      'invalid_request',
      `.${call}() needs Microsoft Entra ID, but this builder has the profile "${profile}": pass the provider's own scope to .add(), or start with scopeBuilder('entra').`,
    )
  }

  return Object.freeze<ScopeBuilder>({
    profile,
    asked,
    graph(...names) {
      onlyOnEntra('graph')
      const problems = names.flatMap(graphProblem)
      return problems.length > 0 ? ask({ problems }) : ask({ scopes: names })
    },
    api(resource, ...names) {
      const problems = names.flatMap((name) => nameProblem(resource, name, profile))
      if (problems.length > 0) return ask({ problems })
      return ask({ scopes: names.map((name) => `${resource}/${name}`) })
    },
    add: (...scopes) => ask({ scopes }),
    default(resource) {
      onlyOnEntra('default')
      if (resource.toLowerCase().endsWith('/.default'))
        return ask({
          problems: [`.default("${resource}"): pass the resource without "/.default".`],
        })
      return ask({ scopes: [`${resource}/.default`] })
    },
    consentLater(...scopes) {
      const later = scopes.map((item): Partial<AskedScopes> => {
        if (typeof item === 'string') return { scopes: [item] }
        if (item.profile === profile) return item.asked
        throw new AuthError(
          'invalid_request',
          `.consentLater() got a builder of another profile than "${profile}": start both with scopeBuilder('${profile}').`,
        )
      })
      return ask({
        extraScopesToConsent: later.flatMap(({ scopes = [], extraScopesToConsent = [] }) => [
          ...scopes,
          ...extraScopesToConsent,
        ]),
        problems: later.flatMap(({ problems = [] }) => problems),
      })
    },
    build: () => build(profile, asked),
  })
}

function build(profile: ScopeProfile, asked: AskedScopes): BuiltScopes {
  const problems = [...asked.problems]
  const read = (scopes: readonly string[]): ScopeSet => {
    problems.push(...scopes.flatMap((text) => scopeProblem(text, profile) ?? []))
    return ScopeSet.parse(
      scopes.filter((text) => scopeProblem(text, profile) === undefined),
      profile,
    )
  }
  const scopes = read(asked.scopes)
  const later = read(asked.extraScopesToConsent)

  problems.push(...resourceProblems(scopes), ...defaultProblems(scopes.union(later)))
  if (problems.length === 0 && scopes.size + later.size === 0)
    problems.push('No scope was requested: add at least one scope, with .add() or another step.')
  refuse([...new Set(problems)])

  return {
    scopes: [...scopes.toArray()],
    extraScopesToConsent: [...later.difference(scopes).toArray()],
  }
}

/** Rejects a name that contains the resource of another API. */
function graphProblem(name: string): string[] {
  if (scopeProblem(name, 'entra') !== undefined) return [] // build() reports it
  const { resource, resourceKey } = parseScope(name, 'entra')
  return resource === undefined || resourceKey === GRAPH_RESOURCE
    ? []
    : [
        `.graph("${name}") belongs to the resource ${resource}, not to Microsoft Graph: use .api() or .add().`,
      ]
}

/** On Entra the last slash ends the resource, so a slash in the name would change the resource. */
function nameProblem(resource: string, name: string, profile: ScopeProfile): string[] {
  if (resource === '') return [`.api("", "${name}"): pass the resource of the API first.`]
  if (name !== '' && (profile === 'oidc' || !name.includes('/'))) return []
  return [
    `.api("${resource}", "${name}"): pass the name of a permission without a slash; pass a complete scope to .add().`,
  ]
}
