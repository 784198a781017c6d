import type { ServiceRequest } from '../api/requests.ts'
import type { Negotiate } from './negotiate.ts'

/** A sign-in with the Kerberos ticket of the user. */
export interface IntegratedWindowsAuthRequest extends Omit<ServiceRequest, 'forceRefresh'> {
  /** The user principal name at Entra, such as `alice@contoso.com`. On Windows, `whoami /upn` prints it. */
  readonly username: string
  /** Creates the Kerberos token. Default: the optional package `kerberos`. */
  readonly negotiate?: Negotiate | undefined
  /** The name of the federation service in the domain. Default: `HTTP/` and the host of the WS-Trust endpoint. */
  readonly spn?: string | undefined
}
