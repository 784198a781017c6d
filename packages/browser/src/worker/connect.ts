/** The connections to workers. This file loads when a page first sends a token request through a worker. */
export { createKeeper } from './keeper.ts'
export { isShared, openLine, openServiceLine } from './line.ts'
