import { seedSession } from '@carnet/browser/testing'
import { ACCESS_TOKEN, claimsOf, LIFETIME_SECONDS, scopesOf } from '../fill.ts'
import { authority, CLIENT_ID } from '../setting.ts'

/** The number of tokens per write. A store waits at most three seconds for a write, and all tokens take longer. */
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
