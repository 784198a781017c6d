/** Checks of the signatures of ID tokens, for those who want them. */
export { createSignatureCheck } from './protocol/id-token-signature.ts'
