/** A longer timer would not notice that the computer slept, or that its clock was set. */
const LONGEST_SLEEP_SECONDS = 30

/** The time in whole seconds since the epoch, the unit of `expires_at`. */
export const epochSeconds = (): number => Math.floor(Date.now() / 1000)

export const secondsToMs = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : seconds * 1000

/** Creates a timer. `start` replaces the earlier start. */
export function createTimer(fire: () => void) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let dueAtSeconds = 0

  function wait(): void {
    const restSeconds = dueAtSeconds - Date.now() / 1000
    if (restSeconds <= 0) {
      timer = undefined
      fire()
    } else timer = setTimeout(wait, Math.min(restSeconds, LONGEST_SLEEP_SECONDS) * 1000)
  }

  function cancel(): void {
    clearTimeout(timer)
    timer = undefined
  }

  return {
    /** Fires once in the given time, at the earliest in one second. */
    start(inSeconds: number): void {
      const dueSeconds = epochSeconds() + Math.max(1, Math.floor(inSeconds))
      // An app may load its user often: the timer must not begin anew.
      if (timer !== undefined && dueSeconds === dueAtSeconds) return
      cancel()
      dueAtSeconds = dueSeconds
      wait()
    },
    cancel,
  }
}
