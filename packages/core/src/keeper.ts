/** The small part of core for the worker that holds the refresh tokens. */
export { AuthError, isAuthError } from './errors/errors.ts'
export { createHttp, type Http, type HttpAnswer, type HttpInit } from './protocol/http.ts'
export {
  createTokenKeeper,
  isHandle,
  type KeptAnswer,
  type KeptRequest,
} from './worker/token-keeper.ts'
