/** Sign-in of users of a Windows domain by their Kerberos tickets (integrated Windows authentication). */
export { acquireTokenByIntegratedWindowsAuth } from './windows/acquire-by-windows.ts'
export type { Negotiate, Negotiation } from './windows/negotiate.ts'
export type { IntegratedWindowsAuthRequest } from './windows/request.ts'
