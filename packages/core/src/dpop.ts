/** Optional part: tokens that are bound to a key (RFC 9449). */
export { type Clocks, createClocks } from './dpop/clocks.ts'
export {
  apisAt,
  createNonceNotes,
  isOfApis,
  type NonceNote,
  type NonceNotes,
} from './dpop/nonce-notes.ts'
export {
  createProofKey,
  importProofKey,
  type ProofAlgorithm,
  type ProofKey,
  signProof,
} from './dpop/proof.ts'
export { proofAlgorithmFor } from './dpop/proof-algorithm.ts'
export { mayProve, mayRedeemAt, type ProofPolicy } from './dpop/proof-policy.ts'
export { correctClock, createTokenRequests } from './dpop/token-requests.ts'
export { findByText } from './tokens/find-by-text.ts'
