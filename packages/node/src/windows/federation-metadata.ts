import { AuthError, isSecureUrl } from '@carnet/core'
import type { FederationHttp } from './federation-http.ts'
import { NAMESPACE, TRUST_VERSIONS, type TrustVersion } from './names.ts'
import { attributeOf, findAll, findOne, type XmlElement } from './xml.ts'

/** An endpoint that issues assertions for Kerberos tokens. */
export interface TrustEndpoint {
  readonly url: string
  readonly version: TrustVersion
}

/**
 * Finds the endpoint for Kerberos tokens (`windowstransport`) in the metadata of a federation server.
 *
 * @throws AuthError `windows_transport_missing`; `federation_metadata_invalid` for other unusable metadata.
 */
export async function findTrustEndpoint(
  metadataUrl: string,
  http: FederationHttp,
): Promise<TrustEndpoint> {
  const { root } = await http.getXml(metadataUrl, 'the metadata of the federation server')
  const endpoints = trustEndpointsIn(root)
  if (endpoints.length === 0)
    throw new AuthError(
      'windows_transport_missing',
      'The federation server offers no WS-Trust endpoint for Kerberos tokens.',
    )
  const usable = endpoints.find(({ url }) => isSecureUrl(url) && isSameHost(url, metadataUrl))
  if (usable) return usable
  throw new AuthError(
    'federation_metadata_invalid',
    'The endpoint for Kerberos tokens is not an https URL on the host of the metadata.',
  )
}

/** A ticket goes to the server that Entra named, to no other host. */
const isSameHost = (url: string, other: string) => new URL(url).hostname === new URL(other).hostname

/** The endpoints for Kerberos tokens, the preferred version of WS-Trust first. */
export function trustEndpointsIn(root: XmlElement): readonly TrustEndpoint[] {
  const policies = new Set(
    findAll(root, NAMESPACE.policy, 'Policy')
      .filter((policy) => findOne(policy, NAMESPACE.httpPolicy, 'NegotiateAuthentication'))
      .map((policy) => attributeOf(policy, 'Id', NAMESPACE.utility)),
  )
  const bindings = findAll(root, NAMESPACE.wsdl, 'binding').filter((binding) =>
    findAll(binding, NAMESPACE.policy, 'PolicyReference').some((reference) =>
      policies.has(attributeOf(reference, 'URI').replace(/^#/, '')),
    ),
  )
  const addresses = addressesByBinding(root)
  return TRUST_VERSIONS.flatMap((version) =>
    bindings
      .filter((binding) => actionsOf(binding).includes(version.action))
      .flatMap((binding) => addresses.get(attributeOf(binding, 'name')) ?? [])
      .map((url) => ({ url, version })),
  )
}

/** The addresses of the ports, by the local name of their binding. */
function addressesByBinding(root: XmlElement): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const port of findAll(root, NAMESPACE.wsdl, 'port')) {
    const address = findOne(port, NAMESPACE.addressing, 'Address')?.text
    if (address === undefined) continue
    const binding = attributeOf(port, 'binding').replace(/^[^:]*:/, '')
    const known = found.get(binding)
    if (known) known.push(address)
    else found.set(binding, [address])
  }
  return found
}

const actionsOf = (binding: XmlElement): readonly string[] =>
  findAll(binding, NAMESPACE.wsdlSoap12, 'operation').map((one) => attributeOf(one, 'soapAction'))
