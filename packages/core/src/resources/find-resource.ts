import { plainPath } from './plain-path.ts'
import type { ResourceEntry } from './resource-map.ts'

/** The reason why a request gets no token. */
export type NoTokenReason =
  /** The URL is below no key. */
  | 'no_key'
  /** The value of the key is `null`. */
  | 'excluded'
  /** The key has no scopes for the method. */
  | 'method'
  /** The URL contains a user name or a password. */
  | 'user_info'
  /** The value is no URL. */
  | 'invalid_url'
  /** Servers could read the path in two ways: it has encoded dots, or two slashes in a row. */
  | 'ambiguous_path'

/** The token that a request gets, or the reason why it gets no token. */
export type ResourceMatch =
  | {
      readonly attached: true
      readonly reason: 'longest_key'
      /** The key of the map. */
      readonly key: string
      readonly scopes: readonly string[]
      readonly resource: string | undefined
      readonly optional: boolean
    }
  | {
      readonly attached: false
      readonly reason: NoTokenReason
      /** The key of the map, if one covers the URL. */
      readonly key?: string | undefined
    }

const none = (reason: NoTokenReason, key?: string): ResourceMatch => ({
  attached: false,
  reason,
  key,
})

/**
 * Finds the token for a request, by the parsed origin and whole segments of the path. `ws:` and `wss:` count as `http:` and
 * `https:`, for the sockets of an API.
 *
 * @param entries The result of `parseResources`.
 * @param url An absolute URL, or a URL relative to `base`.
 */
export function findResource(
  entries: readonly ResourceEntry[],
  url: string | URL,
  method: string,
  base?: string,
): ResourceMatch {
  const parsed = parse(url, base)
  if (!parsed) return none('invalid_url')
  if (parsed.username !== '' || parsed.password !== '') return none('user_info')
  const origin = parsed.origin.replace(/^ws/, 'http')
  const own = entries.filter((entry) => entry.origin === origin)
  if (own.length === 0) return none('no_key')
  const path = plainPath(parsed.pathname)
  if (path === undefined) return none('ambiguous_path')
  const entry = longest(own, path)
  // Many servers merge slashes, so such a path may belong to another key.
  if (entry !== longest(own, path.replace(/\/{2,}/g, '/'))) return none('ambiguous_path')
  if (!entry) return none('no_key')
  const { key, rule } = entry
  if (!rule) return none('excluded', key)
  const name = method.toUpperCase()
  const scopes = Object.hasOwn(rule.methods ?? {}, name) ? rule.methods?.[name] : rule.scopes
  if (!scopes) return none('method', key)
  return {
    attached: true,
    reason: 'longest_key',
    key,
    scopes,
    resource: rule.resource,
    optional: rule.optional === true,
  }
}

function parse(url: string | URL, base: string | undefined): URL | undefined {
  try {
    const parsed = new URL(url, base)
    // The origin of `blob:https://host/` is that of its content.
    return /^(https?|wss?):$/.test(parsed.protocol) ? withHttp(parsed) : undefined
  } catch {
    return undefined
  }
}

/** `URL` has no tuple origin for `ws:` in old browsers. */
const withHttp = (url: URL): URL =>
  url.protocol.startsWith('ws') ? new URL(url.href.replace(/^ws/, 'http')) : url

/** The entries are sorted: the longest comes first. */
const longest = (entries: readonly ResourceEntry[], path: string): ResourceEntry | undefined =>
  entries.find((entry) => path === entry.path || path.startsWith(`${entry.path}/`))
