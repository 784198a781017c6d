import { AuthError } from '@carnet/core/keeper'

/** Watches for violations of the Content-Security-Policy of this page or worker. */
export interface PolicyWatch {
  /** True if the policy blocked a matching URL. The browser reports this a little later than the failure. */
  hasRefused(): Promise<boolean>
  stop(): void
}

/**
 * Watches one directive. Violations of a report-only policy do not count, because it blocks nothing.
 *
 * @param isMeant Selects violations by `blockedURI`: a URL, or a word such as `blob`.
 * @param onRefused Called at once for a matching violation.
 */
export function watchPolicy(
  directive: 'connect-src' | 'frame-src' | 'worker-src',
  isMeant: (blockedUri: string) => boolean,
  onRefused: () => void = () => undefined,
): PolicyWatch {
  let wasRefused = false
  function onViolation(event: Event): void {
    const { effectiveDirective, disposition, blockedURI } = event as SecurityPolicyViolationEvent
    if (effectiveDirective !== directive || disposition !== 'enforce' || !isMeant(blockedURI))
      return
    wasRefused = true
    onRefused()
  }
  // Outside browsers this function does not exist.
  globalThis.addEventListener?.('securitypolicyviolation', onViolation)
  return {
    async hasRefused() {
      for (let turn = 0; turn < 3 && !wasRefused; turn++) await nextTurn()
      return wasRefused
    },
    stop: () => globalThis.removeEventListener?.('securitypolicyviolation', onViolation),
  }
}

/** Waits for the next turn of the event loop, without a timer that an app may fake. */
const nextTurn = () =>
  new Promise<void>((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })

/** The error for a request that the page's own policy blocked. @param what The origin or scheme that the policy must allow. */
export const blockedByPolicy = (directive: string, what: string, cause?: unknown): AuthError =>
  new AuthError(
    'blocked_by_csp',
    `The page's own Content-Security-Policy (${directive}) does not allow ${what}.`,
    { cause },
  )
