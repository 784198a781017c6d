/** A timer that is late by more than this tells that the process was frozen: stopped, or suspended with its machine. */
const FROZEN_MS = 500

/**
 * Calls `work` after `ms` milliseconds, as `setTimeout` does. A process that was frozen finds its timers due before it reads the
 * answers that arrived meanwhile. Such a timer starts once more, so that no answer with a rotated refresh token is thrown away.
 */
export function startPatientTimer(
  work: () => void,
  ms: number,
  monotonicMs: () => number = () => performance.now(),
): NodeJS.Timeout {
  const dueAtMs = monotonicMs() + ms
  let isSecond = false
  const timer = setTimeout(() => {
    if (isSecond || monotonicMs() - dueAtMs < FROZEN_MS) return work()
    isSecond = true
    timer.refresh()
  }, ms)
  return timer
}
