import { POSTED_SIGN_OUT_PREFIX, SIGNED_OUT } from '@carnet/core/base'

const BELIEVED_FOR_MS = 30 * 24 * 3_600_000

/**
 * Stores posted sign-outs. Discovery documents do not say whether a provider accepts POST at its end-session endpoint, and this
 * page cannot see the response. But if the provider accepts it, the user comes back with the `state`. The record has no secret:
 * an authority, a used `state` and a time.
 */
export const postedSignOuts = {
  note(authority: string, state: string, nowMs: number): void {
    inLocal((storage) =>
      storage.setItem(POSTED_SIGN_OUT_PREFIX + authority, JSON.stringify({ state, nowMs })),
    )
  },

  /** Notes that the user came back from the sign-out with this `state`. */
  noteReturn(state: string): void {
    inLocal((storage) => {
      for (const key of Object.keys(storage))
        if (key.startsWith(POSTED_SIGN_OUT_PREFIX) && parse(storage.getItem(key))?.state === state)
          storage.removeItem(key)
    })
  },

  /** True if the user did not come back from the last posted sign-out: the provider may refuse POST. */
  hasFailed(authority: string, nowMs: number): boolean {
    const noted = parse(inLocal((storage) => storage.getItem(POSTED_SIGN_OUT_PREFIX + authority)))
    return noted !== undefined && Math.abs(nowMs - noted.nowMs) < BELIEVED_FOR_MS
  },
}

/** Notes that the user came back to this tab from the sign-out by redirect with this `state`. */
export function noteSignedOut(state: string): void {
  postedSignOuts.noteReturn(state)
  try {
    sessionStorage.setItem(SIGNED_OUT, state)
  } catch {
    // The browser refuses the storage: the app does not get the `state` of its request.
  }
}

function parse(text: string | null | undefined): { state: unknown; nowMs: number } | undefined {
  try {
    const value: unknown = JSON.parse(text ?? 'null')
    const { state, nowMs } = Object(value) as { state: unknown; nowMs: unknown }
    return typeof nowMs === 'number' ? { state, nowMs } : undefined
  } catch {
    return undefined
  }
}

/** With some policies, the access to `localStorage` throws. */
function inLocal<T>(use: (storage: Storage) => T): T | undefined {
  try {
    return use(localStorage)
  } catch {
    return undefined
  }
}
