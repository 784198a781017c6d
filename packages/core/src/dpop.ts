/** Optional part: tokens that are bound to a key (RFC 9449). */
export { asksForNonce, createBoundHttp } from './dpop/bound-http.ts'
export {
  createProofKey,
  type ProofAlgorithm,
  type ProofKey,
  signProof,
} from './dpop/proof.ts'
export { findByText } from './tokens/find-by-text.ts'
