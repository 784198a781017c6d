import { POSTED_SIGN_OUT_PREFIX } from '@carnet/core/base'

const BELIEVED_FOR_MS = 30 * 24 * 3_600_000

/**
 * Remembers sign-outs that were posted. No document says whether a provider accepts POST at its end-session endpoint,
 * and this page cannot see the answer; but the user comes back with the `state` if it does. The record holds
 * nothing secret: an authority, a used `state` and an instant.
 */
export const postedSignOuts = {
  note(authority: string, state: string, nowMs: number): void {
    inLocal((storage) =>
      storage.setItem(POSTED_SIGN_OUT_PREFIX + authority, JSON.stringify({ state, nowMs })),
    )
  },

  /** The user is back from the sign-out that carried this `state`. */
  noteReturn(state: string): void {
    inLocal((storage) => {
      for (const key of Object.keys(storage))
        if (key.startsWith(POSTED_SIGN_OUT_PREFIX) && parse(storage.getItem(key))?.state === state)
          storage.removeItem(key)
    })
  },

  /** True if the last posted sign-out has not brought the user back: the provider may refuse POST. */
  hasFailed(authority: string, nowMs: number): boolean {
    const noted = parse(inLocal((storage) => storage.getItem(POSTED_SIGN_OUT_PREFIX + authority)))
    return noted !== undefined && Math.abs(nowMs - noted.nowMs) < BELIEVED_FOR_MS
  },
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

/** Some policies make the mere access to `localStorage` throw. */
function inLocal<T>(use: (storage: Storage) => T): T | undefined {
  try {
    return use(localStorage)
  } catch {
    return undefined
  }
}
