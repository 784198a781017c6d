import type { Notes } from '../figures.ts'
import type { ServiceLibrary } from '../services.ts'
import type { Outcome } from '../worker.ts'
import type { ServiceWorld } from '../world.ts'

const LIBRARIES: readonly ServiceLibrary[] = ['carnet', 'msal-node']
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const apis = (count: number) =>
  Array.from({ length: count }, (_, index) => [`api://api-${index}/.default`])

/** 40 tokens of one partition that 4 processes write at once. */
export async function concurrentWrites(world: ServiceWorld, { note }: Notes): Promise<void> {
  for (const library of LIBRARIES) {
    await world.reset()
    const machines = await world.start(4, world.setting(library, true))
    const wanted = apis(40)
    await Promise.all(
      machines.map((one, index) =>
        one.burst({ scopes: wanted.slice(index * 10, index * 10 + 10) }),
      ),
    )
    await world.endMachines()
    await world.idp.control.resetStats()
    const [fresh] = await world.start(1, world.setting(library, true))
    for (const scopes of wanted) await fresh?.burst({ scopes: [scopes] })
    note('writes', 'of 40 survive', library, 40 - (await world.tokenRequests()))
  }
}

/** Redis stops, and starts again empty, under a steady load of 4 processes with 20 tokens. */
export async function redisStopped(world: ServiceWorld, { note }: Notes, downMs: number) {
  for (const library of LIBRARIES) {
    await world.reset()
    const machines = await world.start(4, world.setting(library, true))
    const scopes = apis(20)
    for (const one of machines) await one.burst({ scopes })
    await world.idp.control.resetStats()
    for (const one of machines) await one.ask('load', { scopes, everyMs: 50 })
    await pause(1000)
    await world.restartRedis(downMs)
    await pause(10_000)
    const outcomes = await Promise.all(machines.map((one) => one.stopLoad()))
    const sum = (pick: (outcome: Outcome) => number) =>
      outcomes.reduce((all, outcome) => all + pick(outcome), 0)
    note(
      'outage',
      'failed calls',
      library,
      sum(({ failed }) => failed),
    )
    note(
      'outage',
      'calls',
      library,
      sum(({ calls }) => calls),
    )
    note('outage', 'longest wait (ms)', library, Math.max(...outcomes.map((one) => one.longestMs)))
    note('outage', 'token requests', library, await world.tokenRequests())
  }
}

/** The keys change under load, and a dump of Redis is searched for tokens. */
export async function keysAndDump(world: ServiceWorld, { note }: Notes): Promise<void> {
  for (const library of LIBRARIES) {
    await world.reset()
    const machines = await world.start(4, world.setting(library, true, { keys: `a:${world.keys}` }))
    const scopes = apis(20)
    for (const one of machines) await one.ask('load', { scopes, everyMs: 5 })
    const [first, second] = [`a:${world.keys}`, `b:${'ab'.repeat(32)}`]
    for (const keys of [`${first},${second}`, `${second},${first}`, second])
      for (const one of machines) {
        await pause(200)
        await one.ask('keys', { keys })
      }
    const outcomes = await Promise.all(machines.map((one) => one.stopLoad()))
    note(
      'keys',
      'failed calls',
      library,
      outcomes.reduce((all, { failed }) => all + failed, 0),
    )
    note('keys', 'tokens in clear in Redis', library, await tokensInClear(world))
  }
}

async function tokensInClear(world: ServiceWorld): Promise<number> {
  const keys = (await world.command('KEYS', '*')) as string[]
  const texts: string[] = []
  for (const key of keys) {
    const isText = (await world.command('TYPE', key)) === 'string'
    texts.push(key, String(await world.command(isText ? 'GET' : 'SMEMBERS', key)))
  }
  const dump = texts.join('\n')
  const { accessTokens, refreshTokens, idTokens } = await world.idp.control.issued()
  return [...accessTokens, ...refreshTokens, ...idTokens].filter((token) => dump.includes(token))
    .length
}
