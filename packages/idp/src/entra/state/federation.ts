import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { FederationOptions } from '../directory/federation-options.ts'
import type { UsedAssertions } from './used-assertions.ts'

/** The federation server of the home tenant. */
export interface Federation extends Required<FederationOptions> {
  readonly key: { readonly privateKey: KeyObject; readonly publicKey: KeyObject }
  /** The ids of the assertions that were redeemed. */
  readonly used: UsedAssertions
}

/** The signing key of all federation servers of this process, because RSA keys take long to make. The issuers differ. */
let sharedKey: Federation['key'] | undefined

export function createFederation(
  { realm, accept, trustVersions = ['1.3', '2005'], saml = '1.1' }: FederationOptions,
  used: UsedAssertions,
): Federation {
  sharedKey ??= generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { realm, accept, trustVersions, saml, key: sharedKey, used }
}

/** The identifier of the cloud, as the audience of assertions. */
export const CLOUD = 'urn:federation:MicrosoftOnline'

/** The issuer of assertions, as AD FS names itself. */
export const issuerOfAssertions = (origin: string): string => `${origin}/adfs/services/trust`
