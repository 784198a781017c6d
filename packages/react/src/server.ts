/** The names of @carnet/react for server components (condition `react-server`). */

export { RequireAccount, SignedIn, SignedOut } from './index.ts'

/** Explains why a name cannot work in a server component. */
const inClientOnly = (name: string) => (): never => {
  throw new Error(
    `${name} of @carnet/react works in client components only. Move the component into a file that begins with 'use client'.`,
  )
}

/** The client lives in the page: create it, and render the provider, in a file that begins with `'use client'`. */
export const AuthProvider = inClientOnly('<AuthProvider>')
export const useAccount = inClientOnly('useAccount')
export const useApi = inClientOnly('useApi')
export const useAuth = inClientOnly('useAuth')
export const useChallenge = inClientOnly('useChallenge')
export const useToken = inClientOnly('useToken')
