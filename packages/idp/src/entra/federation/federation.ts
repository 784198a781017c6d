import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { UsedAssertions } from '../state/used-assertions.ts'
import type { FederationOptions } from './options.ts'

/** The federation server of the home tenant. */
export interface Federation extends Required<FederationOptions> {
  readonly key: { readonly privateKey: KeyObject; readonly publicKey: KeyObject }
  /** The ids of the assertions that were redeemed. */
  readonly used: UsedAssertions
}

export function createFederation(
  { realm, accept, trustVersions = ['1.3', '2005'], saml = '1.1' }: FederationOptions,
  used: UsedAssertions,
): Federation {
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { realm, accept, trustVersions, saml, key, used }
}

/** The identifier of the cloud, as the audience of assertions. */
export const CLOUD = 'urn:federation:MicrosoftOnline'

/** The issuer of assertions, as AD FS names itself. */
export const issuerOfAssertions = (origin: string): string => `${origin}/adfs/services/trust`
