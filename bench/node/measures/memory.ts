import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createClient } from 'redis'
import type { Notes } from '../figures.ts'
import { createService, type Service, type ServiceLibrary } from '../services.ts'
import type { ServiceWorld } from '../world.ts'

const PADDING = 'x'.repeat(1400)
let issued = 0
const AUTHORITY = 'https://login.example'
const setting = (library: ServiceLibrary, more = {}) =>
  ({ library, authority: AUTHORITY, clientId: 'job', secret: 's', keys: '', ...more }) as const

/** Answers with tokens of the usual size, in this process: the speed of a provider does not count here. */
const respond = (lifetimeSeconds: number) => (): Record<string, unknown> => {
  issued += 1
  return {
    access_token: `token-${issued}-${PADDING}`,
    token_type: 'Bearer',
    expires_in: lifetimeSeconds,
  }
}

async function hits(call: (index: number) => Promise<unknown>, count: number): Promise<number[]> {
  const times: number[] = []
  for (let index = 0; index < count; index += 1) {
    const beganAt = process.hrtime.bigint()
    await call(index)
    times.push(Number(process.hrtime.bigint() - beganAt) / 1000)
  }
  return times
}

/** Warm hits with many tokens in memory, in microseconds. */
export async function warmHits(notes: Notes, quick: boolean): Promise<void> {
  for (const [library, sizes] of [
    ['carnet', quick ? [1000, 20_000] : [1000, 100_000]],
    ['msal-node', quick ? [1, 1000] : [1, 3000]],
  ] as const) {
    const more = { maxBytes: 2 ** 31 }
    const service = await createService(setting(library, more), { respond: respond(86_400) })
    let held = 0
    const call = (index: number) => service.app(['read'], `https://api.example/${index}`)
    for (const size of sizes) {
      for (; held < size; held += 1) await call(held)
      const random = () => Math.floor(Math.random() * Math.min(held, 1000))
      const times = await hits(() => call(random()), library === 'carnet' ? 20_000 : 200)
      notes.note('warm', `p50 with ${size.toLocaleString('en')} tokens (µs)`, library, ...times)
    }
    service.close()
  }
}

/** The heap after many short on-behalf-of assertions, in megabytes more than before. */
export async function shortAssertions(notes: Notes, quick: boolean): Promise<void> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (const [library, count] of [
    ['carnet', quick ? 2000 : 10_000],
    ['msal-node', quick ? 500 : 2000],
  ] as const) {
    let nowMs = Date.now()
    const clock = { now: () => nowMs }
    const overrides = { respond: respond(60), ...(library === 'carnet' && { clock }) }
    const service = await createService(setting(library, { maxBytes: 16 * 2 ** 20 }), overrides)
    const sizes = [await heapAfter(service, count / 2), await heapAfter(service, count / 2)]
    const [half = 0, whole = 0] = sizes
    notes.note(
      'heap',
      'growth by the second half (bytes per assertion)',
      library,
      (whole - half) / (count / 2),
    )
    notes.note('heap', 'assertions', library, count)
    service.close()

    async function heapAfter(one: Service, assertions: number): Promise<number> {
      for (let index = 0; index < assertions; index += 1) {
        await one.onBehalfOf(assertionOf(), ['read'])
        nowMs += 100
      }
      collect()
      return process.memoryUsage().heapUsed
    }
  }
}

function assertionOf(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'RS256' })}.${part({ jti: randomBytes(16).toString('hex') })}.${PADDING}`
}

/** Hits from Redis with a million records, beside a GET with a decryption of the same size. In microseconds. */
export async function redisHits(world: ServiceWorld, notes: Notes, quick: boolean): Promise<void> {
  await world.reset()
  const count = quick ? 500 : 3000
  const records = quick ? 100_000 : 1_000_000
  const shared = { redisUrl: world.redis.url, keys: world.keys }
  const writer = await createService(setting('carnet', shared), { respond: respond(86_400) })
  const resource = (index: number) => `https://api.example/${index}`
  for (let index = 0; index < 3 * count; index += 1) await writer.app(['read'], resource(index))
  writer.close()
  await world.command('DEBUG', 'POPULATE', String(records), 'carnet:accessTokens:{x}', '2000')
  const redis = createClient({ url: world.redis.url })
  await redis.connect()
  const keys = (await redis.sendCommand([
    'KEYS',
    'carnet:accessTokens:{*}??????????????????????',
  ])) as string[]
  const get = async (index: number) => String(await redis.sendCommand(['GET', keys[index] ?? '']))
  const open = opener(await get(0))
  const floor = () => hits(async (index) => open(await get(index)), count)
  const reader = await createService(setting('carnet', shared), { respond: respond(86_400) })
  const read = (from: number) =>
    hits((index) => reader.app(['read'], resource(from + index)), count)
  // The client of Redis ends the time limit of each earlier command five seconds later, in the midst of the measure.
  await new Promise((resolve) => setTimeout(resolve, 6000))
  // Both are measured after two rounds, when the code is compiled. No token is read twice: memory would answer.
  for (const from of [count, 2 * count]) {
    await floor()
    await read(from)
  }
  const [before, own, after] = [await floor(), await read(0), await floor()]
  notes.note('redis', 'p50 (µs)', 'floor', ...before, ...after)
  notes.note('redis', 'p50 (µs)', 'carnet', ...own)
  notes.note('redis', 'records', 'carnet', Number(await redis.sendCommand(['DBSIZE'])))
  reader.close()
  redis.destroy()
}

/** The least work with a sealed text of this length: to decode it from base64url, to decrypt it, and to parse its JSON. */
function opener(stored: string) {
  const sealed = stored.slice(stored.lastIndexOf('.') + 1)
  const secret = createSecretKey(randomBytes(32))
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', secret, iv)
  const value = 'x'.repeat(Buffer.byteLength(sealed, 'base64url') - iv.length - 16 - 12)
  const body = Buffer.concat([cipher.update(JSON.stringify({ value })), cipher.final()])
  const own = Buffer.concat([iv, body, cipher.getAuthTag()]).toString('base64url')
  return (text: string): unknown => {
    if (text.length === 0) return undefined
    const bytes = Buffer.from(own, 'base64url')
    const decipher = createDecipheriv('aes-256-gcm', secret, bytes.subarray(0, 12))
    decipher.setAuthTag(bytes.subarray(-16))
    const plain = decipher.update(bytes.subarray(12, -16))
    decipher.final()
    return JSON.parse(plain.toString('utf8'))
  }
}
