import { frameRecordKey, type RecordStore } from '@carnet/core'
import { formatOf, oneOf, shape } from '@carnet/core/records'

/** For how long it is believed, without trying again, that frames work, or that they should find somebody. */
const BELIEVED_FOR_MS = 24 * 3_600_000

/** A frame had an answer; somebody has signed in from here, so a frame should have one; frames cannot have any. */
type Experience = 'works' | 'expected' | 'blocked'

interface Noted {
  readonly experience: Exclude<Experience, 'blocked'>
}

/** Version 1 was the bare word. */
const frameFormat = formatOf<Noted>(
  2,
  shape<Noted>({ experience: oneOf('works', 'expected') }),
  (_, experience) => ({ experience }),
)

/** Remembers whether hidden frames find the session of a provider. */
export interface FrameMemory {
  /** The experience with hidden frames so far. */
  recall: (authority: string) => Promise<Experience | undefined>
  /** `works`: a frame got a response. `expected`: the user signed in, so that a frame should find the session. */
  note: (authority: string, value: 'works' | 'expected') => Promise<void>
  /** Hidden frames get no cookies of the provider. */
  noteBlocked(authority: string): void
  /** The provider's session has ended: nobody is there to be found. */
  noteEnd(authority: string): Promise<void>
}

/**
 * Remembers, per authority, whether hidden frames work in this browser: where third-party cookies are
 * blocked they never do, and every try would cost its timeout. That they are blocked is remembered as long
 * as the tab lives, over reloads: a user who allows them and comes back is not to be kept from it by a record.
 */
export function createFrameMemory(
  partition: string,
  store: RecordStore,
  now: () => number,
): FrameMemory {
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

/** Some policies make the mere access to `sessionStorage` throw: the page remembers then, until it is left. */
function inSession<T>(use: (storage: Storage) => T): T | undefined {
  try {
    return use(sessionStorage)
  } catch {
    return undefined
  }
}

/**
 * True where the provider's cookies are the page's own for sure: the same scheme and host. Which other hosts share a
 * site only the browser knows, by its list of public suffixes. For those the outcome of a frame tells.
 */
export function isSameHost(authority: string, origin: string): boolean {
  const [provider, page] = [new URL(authority), new URL(origin)]
  return provider.protocol === page.protocol && provider.hostname === page.hostname
}
