/** The parts of a framework binding that need no framework, besides `snapshot.ts`. */
export { boundFetch } from './bound-fetch.ts'
export { type AccountFilter, findAccount } from './find-account.ts'
export { createSession, type Session } from './session.ts'
export { type SharedToken, sharedToken } from './shared-token.ts'
export { type TokenState, tokenOf, type WatchedToken, watchToken } from './watch-token.ts'
