import type { AuthenticationResult } from '../../api/result.ts'
import type { Context } from '../../context/context.ts'
import { completeAuthorization } from '../authorization/authorization-response.ts'
import { KINDS } from '../authorization/kinds.ts'
import { type CompletionDeps, restoreAddress } from './completion.ts'

/** Finishes the sign-ins of pages that have ended, and returns the result of a redirect of this tab. */
export const createFinishEarlier =
  (
    context: Context,
    { metadataOf, http, verifyIdToken, unfinished }: CompletionDeps,
  ): (() => Promise<AuthenticationResult | undefined>) =>
  () =>
    unfinished.finish(async (response, transaction, now) => {
      const how = { metadataOf, http, verifyIdToken, now }
      const result = await completeAuthorization(response, transaction, context, how)
      const isAtRedirectUri = context.page.href() === transaction.redirectUri
      if (!KINDS[transaction.kind].waits && isAtRedirectUri && !transaction.staysAtRedirectUri)
        restoreAddress(transaction.returnTo, context.page)
      return result
    })
