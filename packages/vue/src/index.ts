export { RequireAccount, SignedIn, SignedOut } from './components.ts'
export { createCarnet } from './plugin.ts'
export { type AuthRefs, useAccount, useApi, useAuth, useChallenge } from './use-auth.ts'
export { type TokenRefs, useToken } from './use-token.ts'
