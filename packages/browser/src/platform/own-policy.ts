import { AuthError } from '@carnet/core/keeper'

/** Refusals by the Content-Security-Policy of this page or worker, from now on. */
export interface PolicyWatch {
  /** True if the policy refused something that is meant. The browser tells of it a little later than of the failure. */
  hasRefused(): Promise<boolean>
  stop(): void
}

/**
 * Watches for refusals under one directive. A policy that only reports refuses nothing, and others may be refused
 * something at the same time.
 *
 * @param isMeant Decides by `blockedURI`: a URL, or a word such as `blob`.
 * @param onRefused Called at once.
 */
export function watchPolicy(
  directive: 'connect-src' | 'frame-src' | 'worker-src',
  isMeant: (blockedUri: string) => boolean,
  onRefused: () => void = () => undefined,
): PolicyWatch {
  let wasRefused = false
  function hear(event: Event): void {
    const { effectiveDirective, disposition, blockedURI } = event as SecurityPolicyViolationEvent
    if (effectiveDirective !== directive || disposition !== 'enforce' || !isMeant(blockedURI))
      return
    wasRefused = true
    onRefused()
  }
  // Outside of browsers there is neither a policy nor this function.
  globalThis.addEventListener?.('securitypolicyviolation', hear)
  return {
    async hasRefused() {
      for (let turn = 0; turn < 3 && !wasRefused; turn++) await nextTurn()
      return wasRefused
    },
    stop: () => globalThis.removeEventListener?.('securitypolicyviolation', hear),
  }
}

/** The next turn of the event loop, by no clock that an app may hold. */
const nextTurn = () =>
  new Promise<void>((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })

/** The error for what the own policy refused. @param what The origin, or the scheme, that the policy must allow. */
export const blockedByPolicy = (directive: string, what: string, cause?: unknown): AuthError =>
  new AuthError(
    'blocked_by_csp',
    `The page's own Content-Security-Policy (${directive}) does not allow ${what}.`,
    { cause },
  )
