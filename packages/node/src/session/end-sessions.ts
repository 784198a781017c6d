import type { ConfidentialClient } from '../api/confidential-client.ts'
import type { SessionOptions } from '../api/session.ts'
import type { FoundSession, SessionRecords } from './session-records.ts'

/** Ends sessions. The tokens of a user go with the last one. It returns the URL of the provider's sign-out. */
export type EndSessions = (
  found: readonly FoundSession[],
  postLogoutRedirectUri?: string,
) => Promise<string | undefined>

/** Creates the function that ends sessions. */
export const createEndSessions =
  (
    app: Pick<ConfidentialClient, 'forUser'>,
    records: SessionRecords,
    { keepTokens = false }: Pick<SessionOptions, 'keepTokens'>,
  ): EndSessions =>
  async (found, postLogoutRedirectUri) => {
    let url: string | undefined
    for (const { hash, record } of found) {
      const user = app.forUser(record.account)
      await records.remove(hash, record)
      const others = await records.bySubject(record.iss, record.sub)
      const end = others.length === 0 && !keepTokens ? user.signOut : user.signOutUrl
      url = (await end({ postLogoutRedirectUri })).url
    }
    return url
  }
