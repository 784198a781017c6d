import type { AuthorityProfile } from './authority-profile.ts'

/** True if the issuer of an authority is the authority itself (OpenID Connect Discovery 1.0 section 4.3). */
export const hasPlainIssuer = (profile: AuthorityProfile): boolean => profile !== 'entra'
