import type { AccountInfo, TenantProfile } from '@azure/msal-browser'
import type { Account } from '@carnet/browser'

/** The name of the public cloud in the cache of `@azure/msal-browser`. Apps compare and store it. */
const PUBLIC_CLOUD = 'login.windows.net'
const PUBLIC_HOSTS = /^(login\.(microsoftonline|microsoft|windows)\.(com|net)|sts\.windows\.net)$/

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** The host of the provider, as `@azure/msal-browser` names it. */
export function environmentOf({ environment }: Pick<Account, 'environment'>): string {
  const host = environment.split('/')[0] ?? ''
  return PUBLIC_HOSTS.test(host) ? PUBLIC_CLOUD : host
}

/** Converts an account. Claims that name the user replace the names that Carnet derives from others. */
export function toAccountInfo(
  account: Account,
  idToken: string | undefined,
  isEntra: boolean,
): AccountInfo {
  const claims = account.idTokenClaims
  const emails = Array.isArray(claims.emails) ? claims.emails : []
  const tenantId = text(claims.tid) ?? text(claims.tfp) ?? text(claims.acr) ?? ''
  const username = text(claims.preferred_username) ?? text(claims.upn) ?? text(emails[0]) ?? ''
  const names = {
    tenantId,
    localAccountId: account.localAccountId,
    username,
    ...(account.name !== undefined && { name: account.name }),
    ...(text(claims.login_hint) !== undefined && { loginHint: text(claims.login_hint) }),
    ...(text(claims.upn) !== undefined && { upn: text(claims.upn) }),
  } as Omit<TenantProfile, 'isHomeTenant'>
  const own = { ...names, isHomeTenant: isHomeTenant(account, tenantId) }
  const others = (account.tenantProfiles ?? []).map(profileOf)
  // The home tenant comes first.
  const profiles = [...others.filter((other) => other.tenantId !== tenantId), own].sort(
    (one, other) => Number(other.isHomeTenant) - Number(one.isHomeTenant),
  )
  return {
    ...names,
    homeAccountId: account.homeAccountId,
    environment: environmentOf(account),
    authorityType: isEntra ? 'MSSTS' : 'Generic',
    idTokenClaims: { ...claims } as NonNullable<AccountInfo['idTokenClaims']>,
    ...(idToken !== undefined && { idToken }),
    kmsi: isKeptSignedIn(claims.signin_state),
    tenantProfiles: new Map(profiles.map((profile) => [profile.tenantId, profile])),
  }
}

function profileOf({ name, ...profile }: NonNullable<Account['tenantProfiles']>[number]) {
  return { ...profile, ...(name !== undefined && { name }) }
}

/** The home account id of Entra ends with the home tenant. A provider without tenants is its own home. */
function isHomeTenant({ homeAccountId, localAccountId }: Account, tenantId: string): boolean {
  const [uid, utid] = homeAccountId.split('.')
  return utid === undefined ? uid === localAccountId : utid === tenantId
}

/** True if the user chose to stay signed in, or if the device is joined to a domain. */
const isKeptSignedIn = (state: unknown): boolean =>
  Array.isArray(state) && state.some((value) => value === 'kmsi' || value === 'dvc_dmjd')
