import { frameRecordKey, type RecordStore } from '@carnet/core'
import { formatOf, oneOf, shape } from '@carnet/core/records'

/** `works` and `expected` are valid for this time. */
const BELIEVED_FOR_MS = 24 * 3_600_000

/**
 * `works`: an iframe got a response. `expected`: a user signed in interactively, so an iframe should find the session.
 * `blocked`: iframes get no cookies of the provider.
 */
type Experience = 'works' | 'expected' | 'blocked'

interface Noted {
  readonly experience: Exclude<Experience, 'blocked'>
}

/** Version 1 was only the string. */
const frameFormat = formatOf<Noted>(
  2,
  shape<Noted>({ experience: oneOf('works', 'expected') }),
  (_, experience) => ({ experience }),
)

/** Stores whether hidden iframes find the session of a provider. */
export interface IframeSupport {
  /** Returns the experience with hidden iframes so far. */
  recall: (authority: string) => Promise<Experience | undefined>
  /** Stores an experience; see `Experience`. */
  note: (authority: string, value: 'works' | 'expected') => Promise<void>
  /** Stores that hidden iframes get no cookies of the provider. */
  noteBlocked(authority: string): void
  /** Stores that the provider's session has ended: an iframe need not find it. */
  noteEnd(authority: string): Promise<void>
}

/**
 * Stores, per authority, whether hidden iframes work in this browser. If third-party cookies are blocked, they never work, and
 * every attempt would cost its timeout. `blocked` is stored for the tab only, across reloads: a user may allow the cookies
 * later.
 */
export function createIframeSupport(
  partition: string,
  store: RecordStore,
  now: () => number,
): IframeSupport {
  const keyOf = (authority: string) => frameRecordKey(partition, authority)
  const blocked = new Set<string>()

  async function recall(authority: string): Promise<Experience | undefined> {
    const key = keyOf(authority)
    if (blocked.has(key) || inSession((storage) => storage.getItem(key))) return 'blocked'
    const record = await store.get('metadata', key)
    const isFresh = record && record.expiresAtMs > now()
    return isFresh ? frameFormat.read(record.value)?.experience : undefined
  }

  async function note(authority: string, experience: Noted['experience']): Promise<void> {
    const key = keyOf(authority)
    const isOfUse = experience === 'works' || (await recall(authority)) !== 'works'
    blocked.delete(key)
    inSession((storage) => storage.removeItem(key))
    const value = frameFormat.write({ experience })
    const record = { key, tags: [], expiresAtMs: now() + BELIEVED_FOR_MS, value }
    if (isOfUse) await store.write([{ type: 'put', collection: 'metadata', record }])
  }

  return {
    recall,
    note,
    noteBlocked(authority: string): void {
      const key = keyOf(authority)
      blocked.add(key)
      inSession((storage) => storage.setItem(key, 'blocked'))
    },
    async noteEnd(authority: string): Promise<void> {
      if ((await recall(authority)) !== 'works')
        await store.write([{ type: 'delete', collection: 'metadata', key: keyOf(authority) }])
    },
  }
}

/** With some policies, the access to `sessionStorage` throws; then only the memory of the page is used. */
function inSession<T>(use: (storage: Storage) => T): T | undefined {
  try {
    return use(sessionStorage)
  } catch {
    return undefined
  }
}

/**
 * True if scheme and host are equal: then the provider's cookies are certainly first-party. Only the browser knows which other
 * hosts share a site, by its list of public suffixes; the result of an iframe shows it.
 */
export function isSameHost(authority: string, origin: string): boolean {
  const [provider, page] = [new URL(authority), new URL(origin)]
  return provider.protocol === page.protocol && provider.hostname === page.hostname
}
