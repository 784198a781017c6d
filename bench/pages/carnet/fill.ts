import { seedSession } from '@carnet/browser/testing'
import { ACCESS_TOKEN, claimsOf, LIFETIME_SECONDS, scopesOf } from '../fill.ts'
import { authority, CLIENT_ID } from '../setting.ts'

/** A store waits for a write for three seconds at most, and a busy machine takes longer for all tokens at once. */
const AT_ONCE = 1000

window.fill = async (count) => {
  const scopes = scopesOf(count)
  for (let start = 0; start < count; start += AT_ONCE)
    await seedSession({
      clientId: CLIENT_ID,
      authority,
      account: claimsOf(authority, CLIENT_ID),
      refreshToken: 'unused',
      tokens: scopes.slice(start, start + AT_ONCE).map((scope) => ({
        scopes: [scope],
        accessToken: ACCESS_TOKEN,
        expiresIn: LIFETIME_SECONDS,
      })),
    })
  return count
}
