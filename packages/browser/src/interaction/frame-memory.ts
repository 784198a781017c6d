import type { TokenStore } from '@carnet/core'

/** For how long the outcome of a hidden frame is believed without trying again. */
const BELIEVED_FOR_MS = 24 * 3_600_000

type Outcome = 'works' | 'blocked'

/**
 * Remembers, per authority, whether hidden frames work in this browser: where third-party cookies are
 * blocked they never do, and every try would cost its timeout.
 */
export function createFrameMemory(store: TokenStore, now: () => number) {
  const keyOf = (authority: string) => `frame|${authority}`

  async function recall(authority: string): Promise<Outcome | undefined> {
    const record = await store.get('metadata', keyOf(authority))
    const fresh = record && record.expiresAtMs > now()
    return fresh && (record.value === 'works' || record.value === 'blocked')
      ? record.value
      : undefined
  }

  return {
    recall,
    async note(authority: string, outcome: Outcome): Promise<void> {
      const record = {
        key: keyOf(authority),
        tags: [],
        expiresAtMs: now() + BELIEVED_FOR_MS,
        value: outcome,
      }
      await store.write([{ type: 'put', collection: 'metadata', record }])
    },
    /** The user has signed in again: the next frame may find a session. */
    async forgetFailure(authority: string): Promise<void> {
      if ((await recall(authority)) !== 'blocked') return
      await store.write([{ type: 'delete', collection: 'metadata', key: keyOf(authority) }])
    },
  }
}

export type FrameMemory = ReturnType<typeof createFrameMemory>

/** True where the provider's cookies count as third-party: another site than the page's. */
export function isOtherSite(authority: string, origin: string): boolean {
  const [provider, page] = [new URL(authority).hostname, new URL(origin).hostname]
  if (provider === page) return false
  const site = (host: string) => host.split('.').slice(-2).join('.')
  const isAddress = /^[\d.]+$|:/.test(provider) || /^[\d.]+$|:/.test(page)
  return isAddress || site(provider) !== site(page)
}
