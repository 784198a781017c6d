import { accountKey } from '@carnet/core/base'
import type { ChallengeKind } from '../api/resource-calls.ts'
import type { Attempt } from './call.ts'

/** Callers of `remedy` report no success, so their answers count for this time only. */
const REMEMBERED_MS = 30_000

/** The names of more paths are not remembered. */
const MOST_NAMES = 1000

/**
 * Creates the memory of answered challenges. If the API refuses the token that answered a challenge in the same way, nothing more
 * helps: otherwise an API that always refuses would cause endless token requests.
 */
export function createAnswered(now: () => number) {
  const answers = new Map<string, { readonly token: string; readonly atMs: number }>()
  const placeOf = ({ call, token }: Attempt) =>
    ` ${call.method} ${call.url} ${accountKey(token.account)}`

  return {
    isRefusedAgain: (kind: ChallengeKind, attempt: Attempt): boolean =>
      answers.get(kind + placeOf(attempt))?.token === attempt.token.accessToken,

    /** @param attempt The token that answers the challenge. */
    note(kind: ChallengeKind, attempt: Attempt): void {
      if (answers.size >= MOST_NAMES) answers.clear()
      answers.set(kind + placeOf(attempt), { token: attempt.token.accessToken, atMs: now() })
    },

    /** Forgets the answers of a call, because the API accepted its token. */
    accepted(attempt: Attempt): void {
      if (answers.size === 0) return
      const place = placeOf(attempt)
      for (const name of answers.keys()) if (name.endsWith(place)) answers.delete(name)
    },

    forgetOld(): void {
      for (const [name, { atMs }] of answers) if (now() - atMs > REMEMBERED_MS) answers.delete(name)
    },
  }
}
