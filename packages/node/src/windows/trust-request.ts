import { randomUUID } from 'node:crypto'
import type { TrustEndpoint } from './federation-metadata.ts'
import { NAMESPACE } from './names.ts'
import { escapeXml } from './xml.ts'

/** Makes the SOAP envelope that requests a bearer assertion (WS-Trust `RequestSecurityToken`). The ticket names the user. */
export function trustRequest({ url, version }: TrustEndpoint, audience: string): string {
  const { namespace, action, requestType, keyType } = version
  return [
    `<s:Envelope xmlns:s="${NAMESPACE.soap12}" xmlns:a="${NAMESPACE.addressing}">`,
    '<s:Header>',
    `<a:Action s:mustUnderstand="1">${action}</a:Action>`,
    `<a:MessageID>urn:uuid:${randomUUID()}</a:MessageID>`,
    `<a:ReplyTo><a:Address>${NAMESPACE.addressing}/anonymous</a:Address></a:ReplyTo>`,
    `<a:To s:mustUnderstand="1">${escapeXml(url)}</a:To>`,
    '</s:Header>',
    '<s:Body>',
    `<t:RequestSecurityToken xmlns:t="${namespace}">`,
    `<p:AppliesTo xmlns:p="${NAMESPACE.policy}"><a:EndpointReference>`,
    `<a:Address>${escapeXml(audience)}</a:Address>`,
    '</a:EndpointReference></p:AppliesTo>',
    `<t:KeyType>${keyType}</t:KeyType>`,
    `<t:RequestType>${requestType}</t:RequestType>`,
    '</t:RequestSecurityToken>',
    '</s:Body>',
    '</s:Envelope>',
  ].join('')
}
