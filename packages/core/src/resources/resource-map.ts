import { isSecureUrl } from '../discovery/secure-url.ts'
import { isScope } from '../scopes/scope-values.ts'
import { plainPath } from './plain-path.ts'

/** The tokens for the URLs of one API. */
export interface ResourceRule {
  /** The scopes of the token. Without it, only the methods of `methods` get a token. */
  readonly scopes?: readonly string[] | undefined
  /** The scopes for single methods, instead of `scopes`. `null`: a request with this method gets no token. */
  readonly methods?: Readonly<Record<string, readonly string[] | null>> | undefined
  /** The resource indicator of the token (RFC 8707), if the provider uses it. */
  readonly resource?: string | undefined
  /** Sends the request without a token if no user is signed in. Default false: such a request fails with `no_account`. */
  readonly optional?: boolean | undefined
}

/**
 * The URLs that get a token. A key is a path of the page's origin, or an absolute URL. It covers itself and all paths below it,
 * and the longest key wins. `null`: requests below the key never get a token.
 */
export type ResourceRules = Readonly<Record<string, readonly string[] | ResourceRule | null>>

/** One key of the map, parsed. */
export interface ResourceEntry {
  readonly key: string
  readonly origin: string
  /** The path without a slash at its end. It covers itself and each path that continues it with a slash. */
  readonly path: string
  /** `null` if requests below the key never get a token. */
  readonly rule: ResourceRule | null
}

/** A problem of the map, in words that follow the name of the option. */
export class ResourceProblem extends Error {}

const RULE_FIELDS = ['scopes', 'methods', 'resource', 'optional']

/**
 * Parses the option `resources`.
 *
 * @param base The origin of the page.
 * @throws ResourceProblem for an invalid key or rule.
 */
export function parseResources(rules: unknown, base: string): readonly ResourceEntry[] {
  if (!isRecord(rules)) throw new ResourceProblem('must be an object: URLs with their scopes')
  const entries = Object.entries(rules).map(([key, rule]) => parseEntry(key, rule, base))
  const byUrl = new Map<string, string>()
  for (const { key, origin, path } of entries) {
    const other = byUrl.get(origin + path)
    if (other !== undefined)
      throw new ResourceProblem(`has two keys for the same URLs: "${other}" and "${key}"`)
    byUrl.set(origin + path, key)
  }
  // The longest key first: it wins.
  return entries.sort((a, b) => b.path.length - a.path.length)
}

function parseEntry(key: string, rule: unknown, base: string): ResourceEntry {
  const problem = (text: string) => new ResourceProblem(`has the key "${key}", which ${text}`)
  const reason = problemOfKey(key, base)
  if (reason !== undefined) throw problem(reason)
  const { origin, pathname } = new URL(key, base)
  const path = plainPath(pathname)
  if (path === undefined) throw problem('has dots in its path; write the path without them')
  const wrong = problemOfRule(rule)
  if (wrong !== undefined)
    throw new ResourceProblem(`has a wrong value for the key "${key}": it ${wrong}`)
  const own = Array.isArray(rule) ? { scopes: rule } : (rule as ResourceRule | null)
  return { key, origin, path: path.replace(/\/+$/, ''), rule: own && copyOf(own) }
}

/** An app may change its object later. Methods are compared in upper case. */
function copyOf({ scopes, methods, resource, optional }: ResourceRule): ResourceRule {
  const byMethod = Object.entries(methods ?? {}).map(([name, list]) => [
    name.toUpperCase(),
    list && [...list],
  ])
  return {
    scopes: scopes && [...scopes],
    methods: Object.fromEntries(byMethod),
    resource,
    optional,
  }
}

/** Describes the problem of a key; `undefined` for a valid key. */
function problemOfKey(key: string, base: string): string | undefined {
  if (key === '') return 'is empty'
  // `URL` removes such characters silently, or turns them into a slash.
  if (/[\s\p{Cc}\\]/u.test(key)) return 'contains a space, a control character or a backslash'
  if (key.includes('*')) return 'contains "*": a key covers all paths below it without it'
  if (key.startsWith('//')) return 'has no scheme: write https://'
  if (!key.startsWith('/') && !/^https?:\/\/[^/]/i.test(key))
    return 'is no https URL and no path that starts with a slash'
  const url = parse(key, base)
  if (!url) return 'is no URL'
  if (key.includes('?')) return 'has a query: only the path counts'
  if (key.includes('#')) return 'has a fragment: only the path counts'
  if (url.username !== '' || url.password !== '' || /^https?:\/\/[^/]*@/i.test(key))
    return 'contains user information'
  if (!isSecureUrl(url.href)) return 'is not https: a token must not travel over http'
  // `URL` resolves dots in the path, so the key would name another path.
  if (/(^|\/)(\.|%2e){1,2}(\/|$)/i.test(key.replace(/^https?:\/\/[^/]+/i, '')))
    return 'has dots in its path; write the path without them'
  return undefined
}

/** `URL.canParse` of Node 20 is wrong for letters outside of ASCII, once it is compiled. */
function parse(key: string, base: string): URL | undefined {
  try {
    return new URL(key, base)
  } catch {
    return undefined
  }
}

/** Describes the problem of a rule; `undefined` for a valid rule. */
function problemOfRule(rule: unknown): string | undefined {
  if (rule === null) return undefined
  if (Array.isArray(rule)) return problemOfScopes(rule)
  if (!isRecord(rule)) return 'must be an array of scopes, an object, or null'
  const unknown = Object.keys(rule).find((name) => !RULE_FIELDS.includes(name))
  if (unknown !== undefined)
    return `has the field \`${unknown}\`; known are ${RULE_FIELDS.join(', ')}`
  const { scopes, methods, resource, optional } = rule
  if (scopes === undefined && methods === undefined) return 'needs `scopes` or `methods`'
  const wrong = scopes === undefined ? undefined : problemOfScopes(scopes)
  if (wrong !== undefined) return wrong
  if (resource !== undefined && (typeof resource !== 'string' || resource.trim() === ''))
    return 'has a `resource` that is not a string'
  if (optional !== undefined && typeof optional !== 'boolean')
    return 'has an `optional` that is not true or false'
  return methods === undefined ? undefined : problemOfMethods(methods)
}

function problemOfMethods(methods: unknown): string | undefined {
  if (!isRecord(methods)) return 'has `methods` that are not an object'
  const seen = new Set<string>()
  for (const [name, scopes] of Object.entries(methods)) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) return `has the method "${name}", which is no token`
    if (seen.has(name.toUpperCase())) return `has the method "${name}" twice`
    seen.add(name.toUpperCase())
    const problem = scopes === null ? undefined : problemOfScopes(scopes)
    if (problem !== undefined) return problem
  }
  return undefined
}

function problemOfScopes(scopes: unknown): string | undefined {
  if (!Array.isArray(scopes)) return 'has `scopes` that are not an array'
  const wrong = scopes.find((scope) => !isScope(scope))
  return wrong === undefined
    ? undefined
    : `holds ${JSON.stringify(wrong)}, which is not a scope (RFC 6749 section 3.3)`
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
