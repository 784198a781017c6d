import type { Account, AuthenticationResult } from '@carnet/browser'
import { accountName } from '../account/account-name.ts'
import type { Question, TicketBook } from '../tokens/ticket-book.ts'

export type OwnResult = ReturnType<typeof createOwnResult>

/** Rejects a result for another account: the user may sign in at the provider with another account. */
export const createOwnResult =
  (account: Account, book: TicketBook) =>
  async (
    question: Question,
    ask: () => Promise<AuthenticationResult>,
  ): Promise<AuthenticationResult> => {
    const result = await book.measure(question, ask)
    if (result.account.id === account.id) return result
    throw new Error(
      `The provider returned a token for ${accountName(result.account)}, not for ${accountName(account)}. Switch to that account under Accounts, or try again.`,
    )
  }
