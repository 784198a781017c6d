export interface Tenant {
  readonly id: string
  readonly domain: string
  readonly name: string
}

export const tenants = {
  /** The tenant of alice and bob. Carol is a guest. */
  home: {
    id: '11111111-aaaa-4aaa-8aaa-000000000001',
    domain: 'contoso.example',
    name: 'Contoso',
  },
  /** The home tenant of carol. */
  guest: {
    id: '22222222-aaaa-4aaa-8aaa-000000000002',
    domain: 'fabrikam.example',
    name: 'Fabrikam',
  },
} as const satisfies Record<string, Tenant>

const all: readonly Tenant[] = Object.values(tenants)

/** An alias for the home tenant of the user. */
export type TenantAlias = 'common' | 'organizations' | 'consumers'

/** The well-known tenant id of personal accounts. This provider has no such users. */
const CONSUMERS_ID = '9188040d-6c67-4c5b-b112-36a304b66dad'

const aliases: readonly string[] = ['common', 'organizations', 'consumers'] satisfies TenantAlias[]

/** Finds the tenant or the alias for the first segment of a path: an id, a domain or an alias. */
export function tenantOf(segment: string): Tenant | TenantAlias | undefined {
  const name = segment.toLowerCase()
  if (aliases.includes(name)) return name as TenantAlias
  if (name === CONSUMERS_ID) return 'consumers'
  return all.find(({ id, domain }) => [id, domain, firstDomainOf(domain)].includes(name))
}

/** The initial domain of a tenant. */
const firstDomainOf = (domain: string) => `${domain.split('.')[0]}.onmicrosoft.com`

export const tenantById = (id: string): Tenant | undefined => all.find((tenant) => tenant.id === id)

/** The issuer of a tenant. External ID has the tenant id in the host too; Azure AD B2C appends a slash. */
export function issuerOf(origin: string, tenantId: string, policy?: string): string {
  const host = new URL(origin).hostname.endsWith(CIAM_HOST)
    ? `https://${tenantId}${CIAM_HOST}`
    : origin
  return `${host}/${tenantId}/v2.0${policy === undefined ? '' : '/'}`
}

/** The `issuer` in the discovery document. For the aliases of several tenants it is a template. */
export function discoveredIssuer(
  origin: string,
  tenant: Tenant | TenantAlias,
  policy?: string,
): string {
  if (tenant === 'consumers') return issuerOf(origin, CONSUMERS_ID)
  return issuerOf(origin, typeof tenant === 'string' ? '{tenantid}' : tenant.id, policy)
}

const CIAM_HOST = '.ciamlogin.com'
const CUSTOMER_HOST = /\.(ciamlogin|b2clogin)\.com$/

/** The origin for the response. For a host name of External ID or Azure AD B2C, it is the requested host. */
export const originAsked = (origin: string, host = ''): string =>
  CUSTOMER_HOST.test(host) ? `https://${host}` : origin
