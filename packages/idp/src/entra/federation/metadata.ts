import type { Answer } from '../http/http.ts'
import type { Entra } from '../state/entra.ts'
import type { Federation } from '../state/federation.ts'
import { TRUST, type TrustVersion } from './trust-versions.ts'

const TRANSPORT = 'http://schemas.microsoft.com/ws/06/2004/policy/http'

/** `/adfs/services/trust/mex`: the endpoints of the server as WSDL with policies, in the form of AD FS. */
export function answerMetadata({ origin }: Pick<Entra, 'origin'>, federation: Federation): Answer {
  const offered = federation.trustVersions.map((version) => TRUST[version])
  const body = [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<wsdl:definitions name="SecurityTokenService" targetNamespace="http://schemas.microsoft.com/ws/2008/06/identity/securitytokenservice"',
    ' xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/"',
    ' xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy" xmlns:wsa10="http://www.w3.org/2005/08/addressing"',
    ' xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"',
    ' xmlns:tns="http://schemas.microsoft.com/ws/2008/06/identity/securitytokenservice">',
    passwordPolicy,
    ...offered.map(policy),
    ...offered.map(binding),
    '<wsdl:service name="SecurityTokenService">',
    ...offered.map((version) => port(version, origin)),
    '</wsdl:service>',
    '</wsdl:definitions>',
  ].join('')
  return { status: 200, headers: { 'Content-Type': 'text/xml; charset=utf-8' }, body }
}

/** The policy of an endpoint that this sign-in must not choose. */
const passwordPolicy = [
  '<wsp:Policy wsu:Id="UserNameWSTrustBinding_policy"><wsp:ExactlyOne><wsp:All>',
  `<http:BasicAuthentication xmlns:http="${TRANSPORT}"/>`,
  '</wsp:All></wsp:ExactlyOne></wsp:Policy>',
].join('')

const policy = ({ name }: TrustVersion): string =>
  [
    `<wsp:Policy wsu:Id="${name}_policy"><wsp:ExactlyOne><wsp:All>`,
    `<http:NegotiateAuthentication xmlns:http="${TRANSPORT}"/>`,
    '<sp:TransportBinding xmlns:sp="http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702"/>',
    '</wsp:All></wsp:ExactlyOne></wsp:Policy>',
  ].join('')

const binding = ({ name, action }: TrustVersion): string =>
  [
    `<wsdl:binding name="${name}" type="tns:IWSTrust">`,
    `<wsp:PolicyReference URI="#${name}_policy"/>`,
    '<soap12:binding transport="http://schemas.xmlsoap.org/soap/http"/>',
    `<wsdl:operation name="Issue"><soap12:operation soapAction="${action}" style="document"/></wsdl:operation>`,
    '</wsdl:binding>',
  ].join('')

const port = ({ name, path }: TrustVersion, origin: string): string =>
  [
    `<wsdl:port name="${name}" binding="tns:${name}">`,
    `<soap12:address location="${origin}/adfs/${path}"/>`,
    `<wsa10:EndpointReference><wsa10:Address>${origin}/adfs/${path}</wsa10:Address></wsa10:EndpointReference>`,
    '</wsdl:port>',
  ].join('')
