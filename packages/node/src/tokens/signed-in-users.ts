import type { Account } from '@carnet/core'
import { formatOf, shape, text } from '@carnet/core/records'
import { type SessionOwner, sessionOwner } from '@carnet/core/services'
import type { Runtime } from '../context/runtime.ts'
import { hashOf } from './assertions.ts'
import { dropDetails, readDetails } from './owner-details.ts'

const format = formatOf<{ readonly owner: string }>(1, shape<{ owner: string }>({ owner: text }))

/** An entry ends with an unused refresh token at Entra. Each sign-in writes it anew. */
const ENTRY_MS = 90 * 24 * 3_600_000

/**
 * The users of a public client. Each user has the tokens of a session, and an entry in a list. The entries have a name of their
 * own in the store, so that all of them are found together.
 */
export function createSignedInUsers(runtime: Runtime) {
  const { config, store, cache, memory, platform } = runtime
  const tag = `${config.partition}|%users|list`
  const keyOf = (owner: string) => `${tag}|${owner}`

  const ownerOf = ({
    environment,
    homeAccountId,
  }: Pick<Account, 'environment' | 'homeAccountId'>): SessionOwner =>
    sessionOwner(hashOf(runtime, 'user', environment, homeAccountId))

  return {
    ownerOf,
    async add(account: Account): Promise<void> {
      const owner = ownerOf(account).id
      const record = {
        key: keyOf(owner),
        tags: [tag],
        expiresAtMs: platform.now() + ENTRY_MS,
        value: format.write({ owner }),
      }
      await store.write([{ type: 'put', collection: 'accounts', record }])
    },
    async all(): Promise<readonly Account[]> {
      const entries = await store.find('accounts', tag)
      const owners = entries.flatMap(({ value }) => format.read(value)?.owner ?? [])
      const details = await Promise.all(owners.map((owner) => readDetails(runtime, owner)))
      return details.flatMap((one) => one?.account ?? [])
    },
    async remove(account: Account): Promise<void> {
      const owner = ownerOf(account)
      await store.write([...cache.removal(owner, []), dropDetails(runtime, owner.id)])
      await store.write([{ type: 'delete', collection: 'accounts', key: keyOf(owner.id) }])
      memory.forget(owner.id)
    },
  }
}
