/** A version of WS-Trust at the server. */
export interface TrustVersion {
  readonly name: string
  /** The path of the endpoint, behind `/adfs/`. */
  readonly path: string
  readonly namespace: string
  readonly action: string
}

const version = (name: string, path: string, namespace: string): TrustVersion => ({
  name,
  path: `services/trust/${path}/windowstransport`,
  namespace,
  action: `${namespace}/RST/Issue`,
})

export const TRUST = {
  '1.3': version(
    'WindowsWSTrustBinding_IWSTrust13Async',
    '13',
    'http://docs.oasis-open.org/ws-sx/ws-trust/200512',
  ),
  '2005': version(
    'WindowsWSTrustBinding_IWSTrustFeb2005Async',
    '2005',
    'http://schemas.xmlsoap.org/ws/2005/02/trust',
  ),
} as const
