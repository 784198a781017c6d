import { type RecordStore, refusedScopesRecordKey } from '@carnet/core'
import type { ProviderMetadata } from '@carnet/core/network'
import { formatOf, shape, text, texts } from '@carnet/core/records'

/** A refusal expires after this time, because the provider may allow the scope later. */
const REMEMBERED_FOR_MS = 30 * 24 * 3_600_000

interface Refused {
  readonly scopes: readonly string[]
  /** The `scopes_supported` at the time of the refusal. */
  readonly listed: string
}

const refusedFormat = formatOf<Refused>(1, shape<Refused>({ scopes: texts, listed: text }))

/** Stores the default scopes that a provider refuses. */
export interface RefusedScopes {
  /** Returns the refused scopes, as long as the metadata of the provider stays the same. */
  recall: (authority: string, metadata: ProviderMetadata) => Promise<readonly string[]>
  /** Stores that the provider refused `scopes`. */
  note(authority: string, scopes: readonly string[], metadata: ProviderMetadata): Promise<void>
}

/**
 * Stores, per authority, the added scopes that the provider refuses to this client. The next sign-in leaves them out, so that
 * it does not fail first. A record expires after 30 days, or when `scopes_supported` changes.
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
