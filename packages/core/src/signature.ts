/** Optional check of the signatures of ID tokens. */
export { createSignatureCheck } from './protocol/id-token-signature.ts'
