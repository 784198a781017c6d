import { detectProfile, preferredHost } from '../authority-profile.ts'

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** The placeholder for the tenant of the token, in the issuer of an authority that serves many tenants. */
const TENANT_TEMPLATE = '{tenantid}'
/** The tenant of personal Microsoft accounts. */
const CONSUMERS = '9188040d-6c67-4c5b-b112-36a304b66dad'

/** True for a GUID: the form of a tenant id. */
export const isGuid = (text: string): boolean => GUID.test(text)

/**
 * Normalizes an Entra authority; the result ends with `/v2.0`. Accepts three forms:
 * - `https://login.microsoftonline.com/{common|organizations|consumers|guid|domain}[/v2.0]`
 * - a customer directory: `https://contoso.ciamlogin.com/`
 * - a B2C policy: `https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_signin`
 */
export function normalizeEntraAuthority(authority: string): string {
  const url = new URL(authority)
  const segments = url.pathname.split('/').filter((segment) => segment !== '' && segment !== 'v2.0')
  if (segments.length === 0) {
    const [name, ...domain] = url.hostname.split('.')
    const isCustomerDirectory = domain.join('.') === 'ciamlogin.com'
    segments.push(isCustomerDirectory ? `${name}.onmicrosoft.com` : 'common')
  }
  return `${url.origin}/${segments.join('/')}/v2.0`
}

/** The tenant that an authority names: a GUID, a domain, or `common`, `organizations`, `consumers`. */
export const tenantOf = (authority: string): string =>
  new URL(normalizeEntraAuthority(authority)).pathname.split('/')[1] ?? ''

/** Aliases for the tenant of the user. */
const ALIASES = ['common', 'organizations', 'consumers']

/** The tenant and the policy (if any) of an authority in lower case, to compare authorities. */
export const authorityName = (authority: string): string =>
  new URL(normalizeEntraAuthority(authority)).pathname.slice(1, -'/v2.0'.length).toLowerCase()

/** True for `common`, `organizations` and `consumers`. */
export const isTenantAlias = (name: string): boolean => ALIASES.includes(name)

/**
 * True if the issuer of a discovery document belongs to the authority. The issuer names the tenant by its id, or by a
 * template if the authority serves many tenants. Its host may be an alias of the authority's host, or the host that
 * Microsoft gave to a directory with a custom domain.
 */
export function isEntraIssuer(issuer: string, authority: string): boolean {
  const tenant = tenantOf(authority).toLowerCase()
  const isOwn =
    URL.canParse(issuer) &&
    isSameCloud(new URL(issuer).host, new URL(authority).host) &&
    (!isGuid(tenant) || issuer.toLowerCase().includes(`/${tenant}/`))
  return isOwn || isBehindDomain(issuer, authority)
}

/** True if the authority is a custom domain, and names the same tenant id as the issuer. */
function isBehindDomain(issuer: string, authority: string): boolean {
  const tenant = tenantOf(authority).toLowerCase()
  if (!URL.canParse(issuer) || !isGuid(tenant) || detectProfile(authority) === 'entra') return false
  const { protocol, pathname } = new URL(issuer)
  const [named] = pathname.toLowerCase().split('/').filter(Boolean)
  return protocol === 'https:' && detectProfile(issuer) === 'entra' && named === tenant
}

const isSameCloud = (a: string, b: string): boolean =>
  preferredHost(a) === preferredHost(b) ||
  (a.endsWith('.ciamlogin.com') && b.endsWith('.ciamlogin.com'))

/**
 * The issuer that an ID token must name (OpenID Connect Core section 3.1.3.7). If the metadata has a template, it is the
 * issuer of the token's own tenant, provided that the authority serves the tenant.
 */
export function expectedEntraIssuer(issuer: string, authority: string, tid: unknown): string {
  if (!issuer.includes(TENANT_TEMPLATE)) return issuer
  const tenant = tenantOf(authority).toLowerCase()
  const isServed =
    typeof tid === 'string' &&
    isGuid(tid) &&
    !(tenant === 'organizations' && tid.toLowerCase() === CONSUMERS) &&
    !(tenant === 'consumers' && tid.toLowerCase() !== CONSUMERS)
  // No token can name an issuer with `#`, so the check fails for a tenant that is not served.
  return isServed ? issuer.replace(TENANT_TEMPLATE, tid) : `${issuer}#`
}

/** True if the `iss` of an authorization response (RFC 9207) fits the issuer of the metadata. */
export function isEntraResponseIssuer(iss: string, issuer: string): boolean {
  const [before = '', after] = issuer.split(TENANT_TEMPLATE)
  if (after === undefined) return iss === issuer
  return (
    iss.startsWith(before) &&
    iss.endsWith(after) &&
    isGuid(iss.slice(before.length, iss.length - after.length))
  )
}
