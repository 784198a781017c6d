/** One machine of a test: a process with a client. Its parent calls the client by messages. */

import { keyring } from '../cache/keyring.ts'
import { createConfidentialClient } from '../client/create-confidential-client.ts'
import { clientSecret } from '../credentials/client-secret.ts'
import { fileStore } from '../stores/file-store.ts'
import { redisStore } from '../stores/redis/redis-store.ts'
import type { MachineCall, MachineOptions, MachineReply } from './machines.ts'
import { connectRedis } from './redis-clients.ts'

const options = JSON.parse(process.argv[2] ?? '{}') as MachineOptions
const { redisUrl, redisPackage, folder, lockMs, clientId, authority, secret } = options
const redis = redisUrl === undefined ? undefined : await connectRedis(redisUrl, redisPackage)
const store = redis ? redisStore(redis.client, { lockMs }) : fileStore({ folder: folder ?? '.' })
let offsetMs = 0

const create = (keys: string) =>
  createConfidentialClient({
    clientId,
    authority,
    authorityProfile: options.profile,
    credential: clientSecret(secret),
    clock: { now: () => Date.now() + offsetMs },
    // Many processes share few cores: an answer that is slow for this reason is no outage.
    cache: { store, keys: keyring(keys), storeTimeoutMs: 30_000, ...options.cache },
    requestTimeoutMs: options.requestTimeoutMs ?? 60_000,
  })
let app = await create(options.keys)

async function run({ method, request, times = 1, ms = 0, keys = '' }: MachineCall) {
  if (method === 'advance') {
    offsetMs += ms
    return undefined
  }
  if (method === 'health') return app.health()
  if (method === 'keys') {
    app = await create(keys)
    return undefined
  }
  const { longRunning } = app
  const call = async () => {
    if (method === 'begin') return longRunning.begin(request as never)
    if (method === 'session') return longRunning.acquireToken(request as never)
    if (method === 'obo') return app.acquireTokenOnBehalfOf(request as never)
    return app.acquireTokenForApp(request as never)
  }
  const settled = await Promise.allSettled(Array.from({ length: times }, call))
  return settled.map((one) =>
    one.status === 'fulfilled'
      ? { ...one.value }
      : { error: String(one.reason?.code ?? one.reason), message: String(one.reason?.message) },
  )
}

process.on('message', (call: MachineCall) => {
  run(call).then(
    (result) => process.send?.({ id: call.id, result } satisfies MachineReply),
    (error) => process.send?.({ id: call.id, failure: String(error) } satisfies MachineReply),
  )
})
process.on('disconnect', () => process.exit(0))
process.send?.({ id: 0, result: 'ready' } satisfies MachineReply)
