/** Optional part: pushed authorization requests (RFC 9126). */
export { pushRequest } from './protocol/pushed-request.ts'
