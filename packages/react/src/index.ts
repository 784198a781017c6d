'use client'
/** The public names of @carnet/react. */

export { AuthProvider, type AuthProviderProps } from './auth-provider.ts'
export { RequireAccount, type RequireAccountProps, SignedIn, SignedOut } from './gates.ts'
export { useApi } from './use-api.ts'
export { type Auth, useAccount, useAuth, useChallenge } from './use-session.ts'
export { useToken } from './use-token.ts'
