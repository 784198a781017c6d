import { AuthError } from '../errors/errors.ts'
import { isScope, resourceScopes } from './scope-values.ts'

/**
 * The syntax of scopes. `oidc`: opaque and case-sensitive (RFC 6749 section 3.3). `entra`: `<resource>/<name>`,
 * case-insensitive; a name without a resource belongs to Microsoft Graph.
 */
export type ScopeProfile = 'oidc' | 'entra'

/** One parsed scope. Parsing never corrects it: requests carry `text`. */
export interface Scope {
  /** The scope in its original spelling; requests carry this text. */
  readonly text: string
  /**
   * The part before the last slash, in the original spelling. Microsoft Graph for short names, and for Graph's application
   * id. `undefined` for OpenID Connect scopes, and in the profile `oidc`.
   */
  readonly resource: string | undefined
  /** The resource as a key to compare: lower case on Entra. `''` without a resource. */
  readonly resourceKey: string
  /** The part after the last slash, in the original spelling; the whole text without a resource. */
  readonly name: string
  /** True for `openid`, `profile`, `email`, `address`, `phone`, `offline_access`. */
  readonly isOidc: boolean
  /** Within one profile, two scopes are equal exactly if their keys are equal. */
  readonly key: string
}

/** The resource of Entra scopes without a resource. */
export const GRAPH_RESOURCE = 'https://graph.microsoft.com'

/** Microsoft Graph by its application id, the same in every tenant. */
const GRAPH_APP_ID = '00000003-0000-0000-c000-000000000000'

/** `https:` or `https:/` (a URI without a name, cut at its last slash), `api://`, `api:///x`. */
const HAS_NO_HOST = /^[a-z][a-z0-9+.-]*:(?:\/?$|\/\/(?:\/|$))/i

const LONGEST_QUOTE = 120

/**
 * Parses one scope.
 *
 * On Entra the text is cut at its last slash. So `https://management.core.windows.net//user_impersonation` belongs to the
 * resource `https://management.core.windows.net/`. The same URL without the last slash is another resource with another
 * audience.
 *
 * @throws AuthError `invalid_request` for the problems that {@link scopeProblem} finds.
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
 * Describes the problem of a malformed scope and its fix, in one sentence for the developer; `undefined` for a valid scope.
 * A scope is malformed if it is no scope token (RFC 6749 section 3.3), or on Entra if it lacks a resource, host or name.
 */
export function scopeProblem(text: unknown, profile: ScopeProfile): string | undefined {
  if (!isScope(text))
    return `The scope ${quote(text)} is malformed (RFC 6749 section 3.3): pass each scope separately, in printable ASCII, without spaces, quotation marks and backslashes.`
  if (profile === 'oidc') return undefined

  const { before, name } = cut(text)
  if (before === undefined) return undefined
  if (name === '')
    return `The scope ${quote(text)} has no permission after its slash: append the name, or ".default".`
  if (before.startsWith('/') || before === '')
    return `The scope ${quote(text)} has no resource before its slash: write "<resource>/<name>", or only the name for Microsoft Graph.`
  if (!HAS_NO_HOST.test(before)) return undefined
  return before.endsWith(':/')
    ? `The scope ${quote(text)} is a resource without a permission: append "/<name>" or "/.default".`
    : `The scope ${quote(text)} has no host in its resource: write it like "api://<application id>/<name>".`
}

/** True for `<resource>/.default` of Entra, and for `.default` without a resource. */
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
