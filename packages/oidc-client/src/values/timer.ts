/** A longer timer would not notice that the computer slept, or that its clock was set. */
const LONGEST_SLEEP_SECONDS = 30

/** The time in whole seconds since the epoch, the unit of `expires_at`. */
export const epochSeconds = (): number => Math.floor(Date.now() / 1000)

/** Creates a timer. `start` replaces the earlier start. */
export function createTimer(fire: () => void) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let dueAtSeconds = 0

  function wait(): void {
    const restSeconds = dueAtSeconds - Date.now() / 1000
    if (restSeconds <= 0) fire()
    else timer = setTimeout(wait, Math.min(restSeconds, LONGEST_SLEEP_SECONDS) * 1000)
  }

  const cancel = () => clearTimeout(timer)

  return {
    /** Fires once in the given time, at the earliest in one second. */
    start(inSeconds: number): void {
      cancel()
      dueAtSeconds = epochSeconds() + Math.max(1, Math.floor(inSeconds))
      wait()
    },
    cancel,
  }
}
