const SECOND_MS = 1000

export type Ticker = ReturnType<typeof createTicker>

/** The clock of the page. It ticks each second while it has followers and the page is visible. */
export function createTicker() {
  const followers = new Set<(nowMs: number) => void>()
  let timer: ReturnType<typeof setInterval> | undefined

  function tick(): void {
    const nowMs = Date.now()
    for (const follower of followers) follower(nowMs)
  }

  function adjust(): void {
    const isWanted = followers.size > 0 && !document.hidden
    if (isWanted === (timer !== undefined)) return
    clearInterval(timer)
    timer = isWanted ? setInterval(tick, SECOND_MS) : undefined
  }

  document.addEventListener('visibilitychange', () => {
    adjust()
    // Update the countdowns immediately after a pause.
    if (timer !== undefined) tick()
  })

  return {
    /** Calls the follower each second, until the returned function is called. */
    follow(follower: (nowMs: number) => void): () => void {
      followers.add(follower)
      adjust()
      return () => {
        followers.delete(follower)
        adjust()
      }
    },
  }
}
