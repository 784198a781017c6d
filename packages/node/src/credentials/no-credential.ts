import type { Credential } from './credential.ts'

/** A public client (RFC 6749 section 2.1) has no credential: it only names itself. */
export const noCredential: Credential = { kind: 'none', authenticate: () => undefined }
