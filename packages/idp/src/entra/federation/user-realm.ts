import { tenants } from '../directory/tenants.ts'
import { type Answer, type Call, json } from '../http/http.ts'
import type { Entra } from '../state/entra.ts'
import { CLOUD } from '../state/federation.ts'
import { isFederated } from './domains.ts'

/** `/common/userrealm/{user principal name}`: the kind of the domain of a user. */
export function answerUserRealm(entra: Entra, { url }: Call, rest: string): Answer {
  const login = decodeURIComponent(rest.slice(rest.indexOf('/') + 1))
  if (url.searchParams.get('api-version') !== '1.0' || !login.includes('@'))
    return json(400, { error: 'invalid_request' })
  const domain = domainOf(login)
  const known = Object.values(tenants).find((tenant) => tenant.domain === domain)
  const common = { ver: '1.0', domain_name: domain, cloud_instance_name: 'microsoftonline.com' }
  if (!known) return json(200, { ...common, account_type: 'Unknown', cloud_audience_urn: CLOUD })
  if (!isFederated(entra, domain))
    return json(200, { ...common, account_type: 'Managed', cloud_audience_urn: CLOUD })
  const server = `${entra.origin}/adfs`
  return json(200, {
    ...common,
    account_type: 'Federated',
    federation_protocol: 'WSTrust',
    federation_metadata_url: `${server}/services/trust/mex`,
    federation_active_auth_url: `${server}/services/trust/2005/usernamemixed`,
    cloud_audience_urn: CLOUD,
  })
}

const domainOf = (login: string) => login.slice(login.lastIndexOf('@') + 1).toLowerCase()
