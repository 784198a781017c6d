import { parseAccountRecord, type StoreChange } from '@carnet/core'
import { formatOf, optional, shape, text } from '@carnet/core/records'
import { accountFormat, accountRecordKey } from '@carnet/core/services'
import type { OwnerDetails } from '../cache/owner-details.ts'
import type { Runtime } from '../context/runtime.ts'

interface StoredDetails {
  readonly signedIn?: unknown
  readonly assertion?: string | undefined
}

const format = formatOf<StoredDetails>(
  1,
  shape<StoredDetails, 'signedIn'>({ assertion: optional(text) }),
)

/** The change that stores the details of an owner. */
export function keepDetails(
  { config }: Pick<Runtime, 'config'>,
  owner: string,
  { account, idToken, assertion }: OwnerDetails,
  expiresAtMs: number,
): StoreChange {
  const { partition, authority } = config
  const signedIn =
    account && idToken !== null ? accountFormat.write({ account, idToken, authority }) : undefined
  return {
    type: 'put',
    collection: 'accounts',
    record: {
      key: accountRecordKey(partition, owner),
      tags: [],
      expiresAtMs,
      value: format.write({ signedIn, assertion }),
    },
  }
}

/** The change that deletes the details of an owner. */
export const dropDetails = ({ config }: Pick<Runtime, 'config'>, owner: string): StoreChange => ({
  type: 'delete',
  collection: 'accounts',
  key: accountRecordKey(config.partition, owner),
})

type Parts = Pick<Runtime, 'config' | 'memory' | 'store'>

/** Reads the details of an owner, from memory or from the store; `undefined` if there are none. */
export const readDetails = async (parts: Parts, owner: string): Promise<OwnerDetails | undefined> =>
  parts.memory.detailsOf(owner) ?? readStoredDetails(parts, owner)

/** Reads the details of an owner from the store, which another machine may have changed. */
export async function readStoredDetails(
  { config, memory, store }: Parts,
  owner: string,
): Promise<OwnerDetails | undefined> {
  const stored = await store.get('accounts', accountRecordKey(config.partition, owner))
  const read = format.read(stored?.value)
  if (!read) return undefined
  const signedIn = parseAccountRecord(read.signedIn)
  const details = {
    account: signedIn?.account ?? null,
    idToken: signedIn?.idToken ?? null,
    assertion: read.assertion,
  }
  memory.noteDetails(owner, details)
  return details
}
