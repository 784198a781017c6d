import { randomUUID } from 'node:crypto'
import { tenants } from '../directory/tenants.ts'
import { missing, notInTenant, type Refusal, refusal } from '../errors/refusals.ts'
import { verifyAssertion } from '../federation/assertion.ts'
import type { Entra } from '../state/entra.ts'
import type { SignInGrant } from '../state/refresh-tokens.ts'
import { issueForGrant } from './issue-for-grant.ts'
import type { Issue } from './issue-tokens.ts'
import type { Redemption } from './redemption.ts'

/** The grant types for assertions of SAML 1.1 and 2.0 (RFC 7522). */
export const SAML_GRANTS: readonly string[] = [
  'urn:ietf:params:oauth:grant-type:saml1_1-bearer',
  'urn:ietf:params:oauth:grant-type:saml2-bearer',
]

/** Redeems an assertion of the federation server of the home tenant. */
export function redeemSamlAssertion(
  entra: Entra,
  { call, client, tenant }: Redemption,
): Issue | Refusal {
  const { parameters } = call
  const { federation } = entra
  const assertion = parameters.get('assertion')
  if (assertion === null) return missing('assertion')
  if (!federation) return refused('The domain is not federated.')
  const version = /Version="2\.0"|saml2/.test(text(assertion)) ? 1 : 0
  if (parameters.get('grant_type') !== SAML_GRANTS[version])
    return refused('The assertion has another version than the grant type.')
  const verified = verifyAssertion(entra, federation, text(assertion))
  if ('problem' in verified) return refused(verified.problem)
  const entered = typeof tenant === 'string' ? tenants.home : tenant
  const identity = entra.directory.identity(verified.username, entered)
  if (!identity) return notInTenant('invalid_grant', verified.username, entered.name)

  const grant: SignInGrant = {
    username: identity.user.username,
    tenantId: entered.id,
    clientId: client.clientId,
    sid: randomUUID(),
    signedInAtMs: Date.now(),
    factors: new Set(),
    scope: parameters.get('scope') ?? '',
  }
  return issueForGrant(entra, { call, client }, { grant, identity })
}

/** Entra accepts base64 and base64url. */
const text = (assertion: string): string => Buffer.from(assertion, 'base64').toString()

const refused = (why: string): Refusal =>
  refusal('invalid_grant', 50008, `SAML token is invalid. ${why}`)
