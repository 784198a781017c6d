export interface Tenant {
  readonly id: string
  readonly domain: string
  readonly name: string
}

export const tenants = {
  /** Where alice and bob are members, and carol is a guest. */
  home: {
    id: '11111111-aaaa-4aaa-8aaa-000000000001',
    domain: 'contoso.example',
    name: 'Contoso',
  },
  /** Where carol is at home. */
  guest: {
    id: '22222222-aaaa-4aaa-8aaa-000000000002',
    domain: 'fabrikam.example',
    name: 'Fabrikam',
  },
} as const satisfies Record<string, Tenant>

const all: readonly Tenant[] = Object.values(tenants)

/** Stands for the tenant that the user turns out to be of. */
export type TenantAlias = 'common' | 'organizations' | 'consumers'

/** The tenant of personal accounts, the same everywhere. It has no users here. */
const CONSUMERS_ID = '9188040d-6c67-4c5b-b112-36a304b66dad'

const aliases: readonly string[] = ['common', 'organizations', 'consumers'] satisfies TenantAlias[]

/** What the first part of a path names: a tenant by its id or domain, or an alias. */
export function tenantOf(segment: string): Tenant | TenantAlias | undefined {
  const name = segment.toLowerCase()
  if (aliases.includes(name)) return name as TenantAlias
  if (name === CONSUMERS_ID) return 'consumers'
  return all.find(({ id, domain }) => [id, domain, firstDomainOf(domain)].includes(name))
}

/** The domain that every tenant begins with. */
const firstDomainOf = (domain: string) => `${domain.split('.')[0]}.onmicrosoft.com`

export const tenantById = (id: string): Tenant | undefined => all.find((tenant) => tenant.id === id)

/** External ID names the tenant in the host too; the issuers of Azure AD B2C end with a slash. */
export function issuerOf(origin: string, tenantId: string, policy?: string): string {
  const host = new URL(origin).hostname.endsWith(CIAM_HOST)
    ? `https://${tenantId}${CIAM_HOST}`
    : origin
  return `${host}/${tenantId}/v2.0${policy === undefined ? '' : '/'}`
}

/** What discovery says: of an alias the template, except where only one tenant is meant. */
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

/** The origin that a request was sent to: under a name of External ID or Azure AD B2C, that is who the provider is. */
export const originAsked = (origin: string, host = ''): string =>
  CUSTOMER_HOST.test(host) ? `https://${host}` : origin
