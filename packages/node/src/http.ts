/** Adapters between Web requests and `node:http` or Express. */
export {
  type NodeRequest,
  type NodeRequestOptions,
  sendResponse,
  toListener,
  toRequest,
  type WebHandler,
} from './web/http.ts'
