import type { Settings } from '../../model/settings.ts'

/** The factor that the setting `mfaRequired` requires. */
export const SECOND_FACTOR = 'mfa'

/** The factors that each user must present in addition to the password. A claims challenge can require more. */
export const requiredFactors = ({ mfaRequired }: Pick<Settings, 'mfaRequired'>): string[] =>
  mfaRequired ? [SECOND_FACTOR] : []

/** The claims challenge of a conditional access policy. Clients return it in the `claims` parameter. */
export const policyChallenge = JSON.stringify({
  access_token: {
    capolids: { essential: true, values: ['44444444-aaaa-4aaa-8aaa-000000000004'] },
  },
})
