import type { Notes } from '../figures.ts'
import type { Machine } from '../machines.ts'
import type { ServiceWorld } from '../world.ts'

const SESSIONS = 100
const PROCESSES = 4
const ROUND_MS = 6000
const FROZEN_MS = 4000
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * Processes share sessions whose refresh tokens rotate, with tokens of three seconds. Each round kills one process with -9, or
 * freezes one beyond the lifetime of its locks. The replay of a refresh token ends its session, at once or after a grace period.
 */
export async function killsAndFreezes(
  world: ServiceWorld,
  { note }: Notes,
  rounds: number,
): Promise<void> {
  for (const [aspect, signal, grace] of [
    ['killed with -9, provider without a grace period', 'SIGKILL', 0],
    ['killed with -9, provider with a grace period', 'SIGKILL', 30],
    ['frozen, provider without a grace period', 'SIGSTOP', 0],
  ] as const) {
    const lost = await lostSessions(world, signal, grace, rounds)
    note('chaos', `sessions lost: ${aspect}`, 'carnet', lost.size)
    note('chaos', `${signal === 'SIGKILL' ? 'kills' : 'freezes'}: ${aspect}`, 'carnet', rounds)
  }
  note('chaos', 'sessions', 'carnet', SESSIONS)
}

async function lostSessions(
  world: ServiceWorld,
  signal: 'SIGKILL' | 'SIGSTOP',
  refreshTokenGrace: number,
  rounds: number,
): Promise<Set<string>> {
  await world.reset()
  // Before the tokens get short: an assertion must live until its session begins.
  const assertions = await world.assertions(SESSIONS)
  await world.idp.control.changeSettings({
    accessTokenLifetime: 3,
    refreshTokenReuse: 'ends',
    refreshTokenGrace,
  })
  const setting = world.setting('carnet', true, { lockMs: 2000 })
  const machines = await world.start(PROCESSES, setting)
  const sessions: string[] = []
  // In groups: the provider runs on this machine too, and all at once would exceed the timeout of a request.
  for (let index = 0; index < assertions.length; index += 10) {
    const group = assertions.slice(index, index + 10)
    const begun = await machines[0]?.ask('begin', { assertions: group })
    sessions.push(...((begun ?? []) as string[]))
  }
  const begin = (one: Machine) => one.ask('sessions', { sessions, everyMs: 50 })
  for (const one of machines) await begin(one)
  const lost = new Set<string>()
  for (let round = 0; round < rounds; round += 1) {
    await pause(ROUND_MS - FROZEN_MS)
    const [victim] = machines
    victim?.process.kill(signal)
    await pause(FROZEN_MS)
    if (signal === 'SIGSTOP') victim?.process.kill('SIGCONT')
    else {
      machines.shift()
      const [next] = await world.start(1, setting)
      if (next) machines.push(next)
      if (next) await begin(next)
    }
  }
  await pause(ROUND_MS)
  for (const one of machines) for (const key of (await one.stopLoad()).lost) lost.add(key)
  return lost
}
