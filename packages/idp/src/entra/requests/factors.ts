import type { Settings } from '../../model/settings.ts'

/** The factor that the setting `mfaRequired` asks for. */
export const SECOND_FACTOR = 'mfa'

/** What everybody has to meet beside the password; a claims challenge can demand more. */
export const requiredFactors = ({ mfaRequired }: Pick<Settings, 'mfaRequired'>): string[] =>
  mfaRequired ? [SECOND_FACTOR] : []

/** The claims challenge of a conditional access policy, for clients to send back. */
export const policyChallenge = JSON.stringify({
  access_token: {
    capolids: { essential: true, values: ['44444444-aaaa-4aaa-8aaa-000000000004'] },
  },
})
