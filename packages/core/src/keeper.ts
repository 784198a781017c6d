/** What a worker needs that keeps refresh tokens: small, and without the rest of the protocol. */
export { AuthError, isAuthError } from './errors/errors.ts'
export { createHttp, type Http } from './protocol/http.ts'
export {
  createTokenKeeper,
  isHandle,
  type KeptAnswer,
  type KeptRequest,
} from './worker/token-keeper.ts'
