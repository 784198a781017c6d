import { AuthError } from '../errors/errors.ts'
import { GRAPH_RESOURCE, parseScope, type ScopeProfile, scopeProblem } from './scope.ts'
import { defaultProblems, refuse, resourceProblems, ScopeSet } from './scope-set.ts'

/** Delegated permissions of Microsoft Graph that browser apps often ask for; any other name is as good. */
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

/** The fields of a request that say what is asked. */
export interface BuiltScopes {
  /** For the token: on Entra of one resource. */
  scopes: string[]
  /** For the user's consent only, now, so that later tokens need no prompt; of any resource. */
  extraScopesToConsent: string[]
}

/** What a builder was told so far, unchecked. */
export interface AskedScopes {
  readonly scopes: readonly string[]
  readonly extraScopesToConsent: readonly string[]
  /** What was wrong with the calls so far, in sentences: `build()` refuses with them. */
  readonly problems: readonly string[]
}

/** Says what to ask for, step by step. Immutable: each call returns a new builder. */
export interface ScopeBuilder {
  readonly profile: ScopeProfile
  /** What was asked so far. Send what `build()` returns instead: that is checked. */
  readonly asked: AskedScopes
  /**
   * Permissions of Microsoft Graph, by their short names: `.graph('User.Read')`.
   *
   * @throws AuthError `invalid_request` in the profile `oidc`, which knows no Graph.
   */
  graph(...names: GraphPermission[]): ScopeBuilder
  /**
   * Permissions of an API: `.api('api://1111', 'api.read')` asks for `api://1111/api.read`. One slash is
   * put between the two and none is taken away, so a resource that ends with a slash keeps it:
   * `https://management.core.windows.net/` gives `https://management.core.windows.net//user_impersonation`.
   */
  api(resource: string, ...names: string[]): ScopeBuilder
  /** Whole scopes as they are sent, one per argument: `.add('openid', 'api://1111/api.read')`. */
  add(...scopes: string[]): ScopeBuilder
  /**
   * All that the app's registration lists for a resource: `<resource>/.default`, with the slash between
   * put as in `api`. Cannot stand beside other scopes, not even for later.
   *
   * @throws AuthError `invalid_request` in the profile `oidc`, which knows no `.default`.
   */
  default(resource: string): ScopeBuilder
  /**
   * Asks for consent now and for no token: whole scopes, or all that another builder asks for.
   *
   * @throws AuthError `invalid_request` for a builder of the other profile.
   */
  consentLater(...scopes: (string | ScopeBuilder)[]): ScopeBuilder
  /**
   * Checks it all and returns the fields for a request: nothing twice, in the order asked and the spelling given.
   * A scope asked for both ways stays in `scopes` only.
   *
   * @throws AuthError `invalid_request` that names all problems at once and how to mend them: nothing
   * asked, malformed scopes, two resources in one token, `.default` beside other scopes (also where
   * one of them is for later: both go to the provider in one request).
   */
  build(): BuiltScopes
}

/**
 * Begins to ask: `scopeBuilder().graph('User.Read').consentLater('api://1111/api.read').build()`.
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
      `.${call}() speaks of Microsoft Entra ID, and this builder is of the profile "${profile}": write the provider's own scope with .add(), or begin with scopeBuilder('entra').`,
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
          problems: [`.default("${resource}"): give the resource without "/.default".`],
        })
      return ask({ scopes: [`${resource}/.default`] })
    },
    consentLater(...scopes) {
      const later = scopes.map((item): Partial<AskedScopes> => {
        if (typeof item === 'string') return { scopes: [item] }
        if (item.profile === profile) return item.asked
        throw new AuthError(
          'invalid_request',
          `.consentLater() was given a builder of another profile than "${profile}": begin both with scopeBuilder('${profile}').`,
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
    problems.push('Nothing was asked: name at least one scope, with .add() or another step.')
  refuse([...new Set(problems)])

  return {
    scopes: [...scopes.toArray()],
    extraScopesToConsent: [...later.difference(scopes).toArray()],
  }
}

/** A name with a slash would be of another resource than `.graph()` says. */
function graphProblem(name: string): string[] {
  if (scopeProblem(name, 'entra') !== undefined) return [] // build() says so
  const { resource, resourceKey } = parseScope(name, 'entra')
  return resource === undefined || resourceKey === GRAPH_RESOURCE
    ? []
    : [
        `.graph("${name}") is of the resource ${resource}, not of Microsoft Graph: use .api() or .add().`,
      ]
}

/** On Entra the last slash ends the resource, so a slash in the name would name another one. */
function nameProblem(resource: string, name: string, profile: ScopeProfile): string[] {
  if (resource === '') return [`.api("", "${name}"): give the resource of the API first.`]
  if (name !== '' && (profile === 'oidc' || !name.includes('/'))) return []
  return [
    `.api("${resource}", "${name}"): give the name of a permission alone, without a slash; a whole scope goes to .add().`,
  ]
}
