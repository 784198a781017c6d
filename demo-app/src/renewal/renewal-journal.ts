import { type Account, type AuthClient, isInteractionRequired } from '@carnet/browser'
import { codeOf } from '../ui/polite-words.ts'

const LONGEST_JOURNAL = 50

/** The outcome of a silent renewal. */
export type Outcome =
  | { readonly kind: 'this tab' | 'another tab' }
  | { readonly kind: 'failed'; readonly code: string; readonly nextTryOn: Date | undefined }
  /** The renewal needs the user. This is not a failure. */
  | { readonly kind: 'user needed'; readonly code: string }

export interface PastRenewal {
  readonly number: number
  readonly owner: Account
  readonly at: Date
  /** The scopes of the renewal. Empty if the event did not name them. */
  readonly scopes: readonly string[]
  readonly outcome: Outcome
}

export type RenewalJournal = ReturnType<typeof createRenewalJournal>

/** Records the renewals of all tabs since this page load, and the announced ends of silent renewal. */
export function createRenewalJournal(auth: AuthClient) {
  let entries: readonly PastRenewal[] = []
  const ends: { owner: Account; silentUntil: Date }[] = []
  let lastNumber = 0

  function note(owner: Account, scopes: readonly string[], outcome: Outcome): void {
    lastNumber += 1
    const entry = { number: lastNumber, owner, at: new Date(), scopes, outcome }
    entries = [entry, ...entries].slice(0, LONGEST_JOURNAL)
  }

  auth.on('tokenRenewed', ({ account, scopes, tab }) =>
    note(account, scopes, { kind: tab === 'this' ? 'this tab' : 'another tab' }),
  )
  auth.on('renewalFailed', ({ account, error, nextTryOn }) => {
    const code = codeOf(error) ?? error.code
    if (isInteractionRequired(error))
      note(account, error.request.scopes, { kind: 'user needed', code })
    else note(account, [], { kind: 'failed', code, nextTryOn })
  })
  auth.on('interactionExpected', ({ account, silentUntil }) => {
    ends.push({ owner: account, silentUntil })
  })
  auth.on('accountRemoved', ({ account }) => {
    entries = entries.filter(({ owner }) => owner.id !== account.id)
  })

  return {
    /** The renewals of an account, newest first. */
    pastOf: (account: Account): readonly PastRenewal[] =>
      entries.filter(({ owner }) => owner.id === account.id),
    /** The last announced end of silent renewal for an account. */
    expectedEndOf: (account: Account): Date | undefined =>
      ends.findLast(({ owner }) => owner.id === account.id)?.silentUntil,
  }
}
