import { type RecordStore, refusedScopesRecordKey } from '@carnet/core'
import type { ProviderMetadata } from '@carnet/core/network'
import { formatOf, shape, text, texts } from '@carnet/core/records'

/** The client may be allowed more one day, so the refusal is forgotten after this time. */
const REMEMBERED_FOR_MS = 30 * 24 * 3_600_000

interface Refused {
  readonly scopes: readonly string[]
  /** The `scopes_supported` of that time. */
  readonly listed: string
}

const refusedFormat = formatOf<Refused>(1, shape<Refused>({ scopes: texts, listed: text }))

/** Remembers which default scopes a provider refuses. */
export interface RefusedScopes {
  /** The scopes that the provider refused, as long as its metadata stays the same. */
  recall: (authority: string, metadata: ProviderMetadata) => Promise<readonly string[]>
  /** Remembers that the provider refused `scopes`. */
  note(authority: string, scopes: readonly string[], metadata: ProviderMetadata): Promise<void>
}

/**
 * Remembers, per authority, which of the scopes that Carnet adds the provider refuses to this client. The next sign-in
 * leaves them out, so that it does not fail first. A change of `scopes_supported` ends the memory, and so do 30 days.
 */
export function createRefusedScopes(
  partition: string,
  store: RecordStore,
  now: () => number,
): RefusedScopes {
  const keyOf = (authority: string) => refusedScopesRecordKey(partition, authority)

  async function recall(authority: string, metadata: ProviderMetadata): Promise<readonly string[]> {
    const record = await store.get('metadata', keyOf(authority)).catch(() => undefined)
    const refused = refusedFormat.read(record?.value)
    const isOfUse = record && record.expiresAtMs > now() && refused?.listed === listedIn(metadata)
    return isOfUse ? refused.scopes : []
  }

  return {
    recall,
    async note(
      authority: string,
      scopes: readonly string[],
      metadata: ProviderMetadata,
    ): Promise<void> {
      const all = [...new Set([...(await recall(authority, metadata)), ...scopes])]
      const value = refusedFormat.write({ scopes: all, listed: listedIn(metadata) })
      const expiresAtMs = now() + REMEMBERED_FOR_MS
      const record = { key: keyOf(authority), tags: [], expiresAtMs, value }
      await store.write([{ type: 'put', collection: 'metadata', record }])
    },
  }
}

const listedIn = ({ scopes_supported: scopes }: ProviderMetadata): string =>
  scopes ? [...scopes].sort().join(' ') : ''
