/** The namespaces of the documents of WS-Trust servers. */
export const NAMESPACE = {
  wsdl: 'http://schemas.xmlsoap.org/wsdl/',
  wsdlSoap12: 'http://schemas.xmlsoap.org/wsdl/soap12/',
  policy: 'http://schemas.xmlsoap.org/ws/2004/09/policy',
  httpPolicy: 'http://schemas.microsoft.com/ws/06/2004/policy/http',
  utility: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd',
  addressing: 'http://www.w3.org/2005/08/addressing',
  soap12: 'http://www.w3.org/2003/05/soap-envelope',
  saml1: 'urn:oasis:names:tc:SAML:1.0:assertion',
  saml2: 'urn:oasis:names:tc:SAML:2.0:assertion',
} as const

/** A version of WS-Trust, by its names. */
export interface TrustVersion {
  readonly namespace: string
  /** The action of a request for a token. */
  readonly action: string
  readonly requestType: string
  /** The type of a bearer key. */
  readonly keyType: string
}

/** WS-Trust 1.3 (OASIS). */
const TRUST_13 = 'http://docs.oasis-open.org/ws-sx/ws-trust/200512'
/** WS-Trust of February 2005. */
const TRUST_2005 = 'http://schemas.xmlsoap.org/ws/2005/02/trust'

/** The versions, the preferred one first. */
export const TRUST_VERSIONS: readonly TrustVersion[] = [
  {
    namespace: TRUST_13,
    action: `${TRUST_13}/RST/Issue`,
    requestType: `${TRUST_13}/Issue`,
    keyType: `${TRUST_13}/Bearer`,
  },
  {
    namespace: TRUST_2005,
    action: `${TRUST_2005}/RST/Issue`,
    requestType: `${TRUST_2005}/Issue`,
    keyType: 'http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey',
  },
]
