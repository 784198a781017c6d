import { AuthError } from '../errors/errors.ts'
import { isScope, resourceScopes } from './scope-values.ts'

/**
 * How scope texts are read. `oidc`: opaque and case-sensitive (RFC 6749 section 3.3). `entra`:
 * `<resource>/<name>`, case-insensitive, a short name being one of Microsoft Graph.
 */
export type ScopeProfile = 'oidc' | 'entra'

/** One scope, read but never corrected: `text` is what is sent. */
export interface Scope {
  /** Exactly as given. Writing a scope is writing this. */
  readonly text: string
  /**
   * What stands before the last slash, in the spelling given; Microsoft Graph for its short names and
   * its application id. `undefined` for OpenID Connect's own scopes, and in the profile `oidc`.
   */
  readonly resource: string | undefined
  /** Equal resources, equal keys: lower case on Entra. `''` where there is no resource. */
  readonly resourceKey: string
  /** What stands after the last slash, in the spelling given; the whole text where there is no resource. */
  readonly name: string
  /** True for `openid`, `profile`, `email`, `address`, `phone`, `offline_access`: they ask no API. */
  readonly isOidc: boolean
  /** Equal scopes, equal keys, and the other way round, within one profile. */
  readonly key: string
}

/** The resource of Entra's short scope names. */
export const GRAPH_RESOURCE = 'https://graph.microsoft.com'

/** Microsoft Graph by its application id, the same in every tenant. */
const GRAPH_APP_ID = '00000003-0000-0000-c000-000000000000'

/** `https:` or `https:/` (a URI without a name, cut at its last slash), `api://`, `api:///x`. */
const HAS_NO_HOST = /^[a-z][a-z0-9+.-]*:(?:\/?$|\/\/(?:\/|$))/i

const LONGEST_QUOTE = 120

/**
 * Reads one scope.
 *
 * On Entra the text is cut at its last slash, so `https://management.core.windows.net//user_impersonation`
 * is of the resource `https://management.core.windows.net/`: another one, with another audience, than
 * the same without the slash at its end.
 *
 * @throws AuthError `invalid_request` for what {@link scopeProblem} names.
 */
export function parseScope(text: string, profile: ScopeProfile): Scope {
  const problem = scopeProblem(text, profile)
  if (problem !== undefined) throw new AuthError('invalid_request', problem)

  const key = profile === 'entra' ? text.toLowerCase() : text
  const isOidc = resourceScopes([key]).length === 0
  if (isOidc || profile === 'oidc')
    return { text, resource: undefined, resourceKey: '', name: text, isOidc, key }

  const { before, name } = cut(text)
  const resource =
    before === undefined || before.toLowerCase() === GRAPH_APP_ID ? GRAPH_RESOURCE : before
  const resourceKey = resource.toLowerCase()
  return {
    text,
    resource,
    resourceKey,
    name,
    isOidc,
    key: `${resourceKey}/${name.toLowerCase()}`,
  }
}

/**
 * What is wrong with a scope and how to mend it, as a sentence for the developer; `undefined` where
 * nothing is: no scope token of RFC 6749 section 3.3, or on Entra no resource, no host, no name.
 */
export function scopeProblem(text: unknown, profile: ScopeProfile): string | undefined {
  if (!isScope(text))
    return `The scope ${quote(text)} is not one (RFC 6749 section 3.3): name each scope by itself, in printable ASCII, without spaces, quotes and backslashes.`
  if (profile === 'oidc') return undefined

  const { before, name } = cut(text)
  if (before === undefined) return undefined
  if (name === '')
    return `The scope ${quote(text)} ends before the name of its permission: append the name, or ".default".`
  if (before.startsWith('/') || before === '')
    return `The scope ${quote(text)} has no resource before its slash: write "<resource>/<name>", or the name alone for Microsoft Graph.`
  if (!HAS_NO_HOST.test(before)) return undefined
  return before.endsWith(':/')
    ? `The scope ${quote(text)} is a resource without a permission: append "/<name>" or "/.default".`
    : `The scope ${quote(text)} has no host in its resource: write it as in "api://<application id>/<name>".`
}

/** True for `<resource>/.default` of Entra, also in its short form. */
export const isDefaultScope = (scope: Scope): boolean =>
  scope.resource !== undefined && scope.name.toLowerCase() === '.default'

function cut(text: string): { before: string | undefined; name: string } {
  const slash = text.lastIndexOf('/')
  return slash < 0
    ? { before: undefined, name: text }
    : { before: text.slice(0, slash), name: text.slice(slash + 1) }
}

function quote(value: unknown): string {
  if (typeof value !== 'string') return `of type ${value === null ? 'null' : typeof value}`
  return JSON.stringify(value.length > LONGEST_QUOTE ? `${value.slice(0, LONGEST_QUOTE)}…` : value)
}
