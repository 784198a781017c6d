import type { Ticker } from './ticker.ts'

/** Follows the ticker only while a countdown is visible. */
export function createFollowing(ticker: Ticker, follower: (nowMs: number) => void) {
  let stop: (() => void) | undefined
  return {
    needed(isNeeded: boolean): void {
      if (isNeeded) stop ??= ticker.follow(follower)
      else {
        stop?.()
        stop = undefined
      }
    },
  }
}
