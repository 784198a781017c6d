import type { Notes } from '../figures.ts'
import type { ServiceLibrary } from '../services.ts'
import type { ServiceWorld } from '../world.ts'

const GRAPH = [['https://graph.microsoft.com/.default']]
const LIBRARIES: readonly ServiceLibrary[] = ['carnet', 'msal-node']
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** The requests for one token that many callers want at once. */
export async function coldBursts(world: ServiceWorld, { note }: Notes): Promise<void> {
  for (const library of LIBRARIES)
    for (const processes of [1, 4]) {
      await world.reset()
      const machines = await world.start(processes, world.setting(library, processes > 1))
      await Promise.all(machines.map((one) => one.burst({ scopes: GRAPH, times: 50 })))
      note('cold', `${processes} × 50 callers`, library, await world.tokenRequests())
    }
}

/** The wait of callers after `refresh_in`, with a slow provider and with a broken connection. */
export async function refreshIn(world: ServiceWorld, { note }: Notes): Promise<void> {
  for (const library of LIBRARIES) {
    await world.reset()
    await world.idp.control.changeSettings({ refreshIn: 1 })
    const [machine] = await world.start(1, world.setting(library, false))
    await machine?.burst({ scopes: GRAPH })
    await world.idp.control.changeSettings({ latencyMs: { token: 300 } })
    await world.idp.control.resetStats()
    await pause(2500)
    const due = await machine?.burst({ scopes: GRAPH, times: 50 })
    note('refresh', 'wait (ms)', library, due?.longestMs ?? 0)
    await pause(700)
    note('refresh', 'requests of 50 callers', library, await world.tokenRequests())
    await world.idp.control.changeSettings({ latencyMs: 0 })
    await pause(2500)
    await world.idp.control.addFault({ endpoint: 'token', count: 200, fault: { kind: 'reset' } })
    const broken = await machine?.burst({ scopes: GRAPH, times: 50 })
    note('refresh', 'failed calls of 50, connection broken', library, broken?.failed ?? 0)
  }
}

/** The account in an on-behalf-of answer from the cache, and the tokens of 1,000 users at once. */
export async function users(world: ServiceWorld, { note }: Notes, count: number): Promise<void> {
  for (const library of LIBRARIES) {
    await world.reset()
    const assertions = await world.assertions(count)
    const [machine] = await world.start(1, world.setting(library, true))
    const scopes = [['User.Read']]
    await machine?.burst({ scopes, assertions: assertions.slice(0, 1) })
    const again = await machine?.burst({ scopes, assertions: assertions.slice(0, 1) })
    note('users', 'account from the cache', library, again?.withAccount ?? 0)
    const all = await machine?.burst({ scopes, assertions })
    note('users', 'answers about another user', library, all?.foreign ?? 0)
    note('users', 'failed calls', library, all?.failed ?? 0)
    note('users', 'records with tokens of several users', library, await mixedRecords(world))
  }
}

/** Counts the records of Redis that hold access tokens of more than one user. Sealed records hold none in clear. */
async function mixedRecords(world: ServiceWorld): Promise<number> {
  const keys = (await world.command('KEYS', '*')) as string[]
  let mixed = 0
  for (const key of keys) {
    if ((await world.command('TYPE', key)) !== 'string') continue
    const text = String(await world.command('GET', key))
    const ids = new Set(text.match(/"home_account_id":"[^"]+"/g) ?? [])
    if (ids.size > 1) mixed += 1
  }
  return mixed
}
