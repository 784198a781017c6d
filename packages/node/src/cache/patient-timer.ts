/** A timer that is late by more than this tells that the process was frozen: stopped, or suspended with its machine. */
const FROZEN_MS = 500
/** After a freeze, the answers that have arrived are read within this time. */
const SECOND_CHANCE_MS = 2000

/**
 * Calls `work` after `ms` milliseconds. A process that was frozen finds its timers due before it reads the answers that arrived
 * meanwhile. Such a timer waits a moment longer, so that no answer with a rotated refresh token is thrown away.
 *
 * @returns A function that stops the timer.
 */
export function startPatientTimer(
  ms: number,
  work: () => void,
  monotonicMs: () => number = () => performance.now(),
): () => void {
  const dueAtMs = monotonicMs() + ms
  const due = () => {
    if (monotonicMs() - dueAtMs < FROZEN_MS) return work()
    timer = setTimeout(work, SECOND_CHANCE_MS)
  }
  let timer = setTimeout(due, ms)
  return () => clearTimeout(timer)
}
