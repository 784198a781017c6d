export { type AccountProps, RequireAccount, SignedIn, SignedOut } from './components.ts'
export { AuthProvider } from './context.ts'
export { type Auth, useAccount, useApi, useAuth, useChallenge } from './use-auth.ts'
export { type TokenAccessor, useToken } from './use-token.ts'
