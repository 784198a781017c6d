import { ownerTag } from '../records/keys/record-keys.ts'
import type { RecordStore } from '../records/record-store.ts'
import { accessTokenFormat } from './access-token-format.ts'
import type { TokenOwner } from './token-owner.ts'
import type { AccessTokenRecord } from './token-record.ts'

/** Reads the access token of an owner with exactly this text. */
export async function findByText(
  partition: string,
  store: Pick<RecordStore, 'find'>,
  owner: Pick<TokenOwner, 'id'>,
  token: string,
): Promise<AccessTokenRecord | undefined> {
  const found = await store.find('accessTokens', ownerTag(partition, owner.id))
  return found
    .map(({ value }) => accessTokenFormat.read(value))
    .find((record) => record?.token === token && record.owner === owner.id)
}
