export { provideAuth } from './context.ts'
export {
  type Auth,
  type Current,
  useAccount,
  useApi,
  useAuth,
  useChallenge,
} from './use-auth.ts'
export { type CurrentToken, useToken } from './use-token.ts'
