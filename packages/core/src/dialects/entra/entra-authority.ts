import { AuthError } from '../../errors/errors.ts'
import { serverText } from '../../errors/server-text.ts'
import { detectProfile, preferredHost } from '../authority-profile.ts'

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** Stands for the tenant of the token in the issuer of an authority that serves many. */
const TENANT_TEMPLATE = '{tenantid}'
/** The tenant of personal Microsoft accounts. */
const CONSUMERS = '9188040d-6c67-4c5b-b112-36a304b66dad'

export const isGuid = (text: string): boolean => GUID.test(text)

/**
 * An Entra authority in one form: `https://login.microsoftonline.com/{common|organizations|consumers|guid|
 * domain}[/v2.0]`, a customer directory (`https://contoso.ciamlogin.com/`), or a B2C policy
 * (`https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_signin`). The result ends with `/v2.0`.
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

/** Names that no tenant has: whatever tenant the user is of, they mean it. */
const ALIASES = ['common', 'organizations', 'consumers']

/** What an authority is called, to compare by: its tenant, and its policy where it has one. */
export const authorityName = (authority: string): string =>
  new URL(normalizeEntraAuthority(authority)).pathname.slice(1, -'/v2.0'.length).toLowerCase()

export const isTenantAlias = (name: string): boolean => ALIASES.includes(name)

/**
 * Checks that a discovery document speaks for the authority. Its issuer names the tenant by id, or by a
 * template where the authority serves many; its host may be an alias of the authority's, or the one that a directory
 * has from Microsoft where the app knows it by a domain of its own.
 */
export function checkEntraIssuer(issuer: string, authority: string): void {
  const tenant = tenantOf(authority).toLowerCase()
  const isOwn =
    URL.canParse(issuer) &&
    isSameCloud(new URL(issuer).host, new URL(authority).host) &&
    (!isGuid(tenant) || issuer.toLowerCase().includes(`/${tenant}/`))
  if (!isOwn && !isBehindDomain(issuer, authority))
    throw new AuthError(
      'issuer_mismatch',
      `The discovery document of ${authority} names the issuer "${serverText(issuer)}".`,
    )
}

/** Whether an authority is a domain of one's own before the directory that the issuer names by the same id. */
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
 * The issuer that an ID token must name (OpenID Connect Core 3.1.3.7), where the metadata has a template:
 * that of the token's own tenant, if the authority serves it.
 */
export function expectedEntraIssuer(issuer: string, authority: string, tid: unknown): string {
  if (!issuer.includes(TENANT_TEMPLATE)) return issuer
  const tenant = tenantOf(authority).toLowerCase()
  const isServed =
    typeof tid === 'string' &&
    isGuid(tid) &&
    !(tenant === 'organizations' && tid.toLowerCase() === CONSUMERS) &&
    !(tenant === 'consumers' && tid.toLowerCase() !== CONSUMERS)
  // What no token can name is expected where none will do.
  return isServed ? issuer.replace(TENANT_TEMPLATE, tid) : `${issuer}#`
}

/** Whether the `iss` of an authorization response (RFC 9207) may come from the issuer of the metadata. */
export function isEntraResponseIssuer(iss: string, issuer: string): boolean {
  const [before = '', after] = issuer.split(TENANT_TEMPLATE)
  if (after === undefined) return iss === issuer
  return (
    iss.startsWith(before) &&
    iss.endsWith(after) &&
    isGuid(iss.slice(before.length, iss.length - after.length))
  )
}
