/** Sends the request of a redemption, and writes the answer to the journal before any page sees it. */
import type { KeptAnswer, KeptRequest } from '@carnet/core/keeper'
import { type EntryPlace, flightLockOf, type JournalEntry } from './entry.ts'
import { updateEntry } from './entry-file.ts'

/** A token request, in a form that survives structured cloning. The context that sends it does not look inside. */
export interface Redemption {
  readonly request: KeptRequest
  /** The limit for the request, in milliseconds. */
  readonly timeoutMs: number
  /** The entry of the redemption; without it, nothing is written. */
  readonly entry?:
    | (EntryPlace & {
        readonly request: string
        /** `sentAtMs` of the entry, as the page read it: if another context has sent the request since, nothing is sent. */
        readonly seenAtMs: number | undefined
        /** True if the last sender of this entry has exceeded its deadline: it may be frozen, with the lock. */
        readonly isOverdue: boolean
      })
    | undefined
}

/** Sends a request within `timeoutMs`. */
type Send = (request: KeptRequest, timeoutMs: number) => Promise<KeptAnswer>

/**
 * Sends a redemption. Only one context of the browser sends the request of an entry at a time, under a lock. The lock shows
 * other contexts that the answer may still come.
 *
 * @param onStarted Called when the lock is held, before the request is sent.
 * @returns The answer; `undefined` if another context has sent the request meanwhile.
 */
export async function redeem(
  { request, timeoutMs, entry }: Redemption,
  send: Send,
  onStarted: () => void = () => undefined,
): Promise<KeptAnswer | undefined> {
  if (!entry) return send(request, timeoutMs)
  return whileLocked(entry, async () => {
    onStarted()
    let isTaken = false
    const sentAtMs = Date.now()
    const isKept = await updateEntry(entry, (found) => {
      isTaken = found?.sentAtMs !== entry.seenAtMs || found?.answer !== undefined
      if (isTaken) return undefined
      return { ...found, request: entry.request, sentAtMs, deadlineMs: sentAtMs + timeoutMs }
    })
    if (isTaken) return undefined
    const end = async (answer?: KeptAnswer) => {
      // An answer that is there is from a context that replaced this one: it stays.
      if (isKept)
        await updateEntry(
          entry,
          (found) => (found?.answer ? undefined : ended(found, answer)),
          true,
        )
    }
    const answer = await send(request, timeoutMs).catch(async (error) => {
      await end()
      throw error
    })
    await end(answer)
    return answer
  })
}

/** The entry after its request. An answer without tokens redeems nothing: the next page sends the request again. */
function ended(found: JournalEntry | undefined, answer?: KeptAnswer): JournalEntry | null {
  if (answer?.status === 200 && /^\s*\{[\s\S]*"access_token"/.test(answer.body)) {
    const { status, headers, body } = answer
    return { ...found, answer: { status, headers, body, atMs: Date.now() } }
  }
  // The data of a sign-in stay for the next page.
  return found?.signIn ? { signIn: found.signIn } : null
}

/** Holds a Web Lock during `work`, where the browser has Web Locks. */
async function whileLocked<T>(
  { key, isOverdue }: { key: string; isOverdue: boolean },
  work: () => Promise<T>,
): Promise<T> {
  let working: Promise<T> | undefined
  const run = () => {
    working = work()
    return working
  }
  try {
    await navigator.locks.request(flightLockOf(key), { steal: isOverdue }, run)
  } catch {
    // Without Web Locks the work begins here; if the lock was stolen, the work goes on.
  }
  return working ?? run()
}
