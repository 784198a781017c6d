const SECOND_MS = 1000

export type Ticker = ReturnType<typeof createTicker>

/** The one clock of the page: it ticks each second, while somebody follows it and the page is shown. */
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
    // What stood still while nobody looked is put right at once.
    if (timer !== undefined) tick()
  })

  return {
    /** Calls back each second until the returned function is called. */
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
