import type { Machine } from './machines.ts'
import { soakTable } from './soak-table.ts'
import type { Outcome } from './worker.ts'
import { createServiceWorld, type ServiceWorld } from './world.ts'

const PROCESSES = 8
const SESSIONS = 200
/** The callers of each process. A caller that waits for a lock does not stop the others. */
const CALLERS = 5
const CALLER_PAUSE_MS = 200
const TOKEN_SECONDS = 5
/** The time in which the provider answers the replay of a refresh token, because its answer may have been lost. */
const GRACE_SECONDS = 30
const FROZEN_MS = 20_000
const MINUTE_MS = 60_000
/** A process gets this long to finish its last calls after a freeze. */
const SETTLING_MS = 10_000

/** The figures of a soak. */
export interface SoakFigures {
  readonly minutes: number
  readonly processes: number
  readonly sessions: number
  readonly kills: number
  readonly freezes: number
  readonly calls: number
  readonly renewals: number
  /** Calls that rejected, by their code. */
  readonly failures: Readonly<Record<string, number>>
  /** Answers with the token of another user. */
  readonly foreign: number
  readonly longestWaitMs: number
  /** Sessions that needed their user during the soak, and at its end. */
  readonly lost: number
  /** Sessions that a new process renewed at the end. */
  readonly alive: number
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, Math.max(0, ms)))

/**
 * Eight processes share 200 sessions of 200 users through Redis. Tokens live five seconds, refresh tokens rotate, and a replay
 * after the grace period ends the session. Each minute one process is killed with -9, or frozen for 20 seconds, in turn.
 *
 * @param worker The bundled `worker.ts`.
 * @returns True if no session was lost, and no answer was about another user.
 */
export async function soakServices(worker: string, minutes: number): Promise<boolean> {
  // The provider has a self-signed certificate.
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
  const world = await createServiceWorld(worker)
  try {
    const figures = await soak(world, minutes)
    console.log(soakTable(figures))
    return figures.lost === 0 && figures.foreign === 0 && figures.alive === SESSIONS
  } finally {
    await world.close()
  }
}

async function soak(world: ServiceWorld, minutes: number): Promise<SoakFigures> {
  // Before the tokens get short: an assertion must live until its session begins.
  const assertions = await world.assertions(SESSIONS)
  await world.idp.control.changeSettings({
    accessTokenLifetime: TOKEN_SECONDS,
    refreshTokenReuse: 'ends',
    refreshTokenGrace: GRACE_SECONDS,
  })
  const setting = world.setting('carnet', true)
  const machines = await world.start(PROCESSES, setting)
  const sessions = await begun(machines, assertions)
  const oids = assertions.map(oidOf)
  const use = (one: Machine) =>
    one.ask('sessions', { sessions, oids, callers: CALLERS, everyMs: CALLER_PAUSE_MS })
  for (const one of machines) await use(one)
  await world.idp.control.resetStats()
  const events = { kills: 0, freezes: 0 }
  for (let minute = 0; minute < minutes; minute += 1) {
    const endsAtMs = performance.now() + MINUTE_MS
    await pause(MINUTE_MS / 3)
    const victim = machines.shift()
    if (!victim) throw new Error('No process is left.')
    if (minute % 2 === 0) {
      await victim.end()
      events.kills += 1
      const [next] = await world.start(1, setting)
      if (next) await use(next)
      if (next) machines.push(next)
    } else {
      await freeze(victim)
      events.freezes += 1
      machines.push(victim)
    }
    await pause(endsAtMs - performance.now())
    console.log(`minute ${minute + 1}: ${events.kills} kills, ${events.freezes} freezes`)
  }
  await pause(SETTLING_MS)
  const outcomes = await Promise.all(machines.map((one) => one.stopLoad()))
  const renewals = (await world.idp.control.stats()).tokenGrants.refresh_token ?? 0
  const last = await lastCheck(world, sessions, oids)
  return figuresOf(minutes, events, [...outcomes, last], renewals, last)
}

/** Begins the sessions in groups: the provider runs on this machine too, and all at once would exceed the timeout of a request. */
async function begun([first]: readonly Machine[], assertions: readonly string[]) {
  const sessions: string[] = []
  if (!first) return sessions
  for (let index = 0; index < assertions.length; index += 10) {
    const group = assertions.slice(index, index + 10)
    sessions.push(...((await first.ask('begin', { assertions: group })) as string[]))
  }
  return sessions
}

async function freeze({ process: victim }: Machine): Promise<void> {
  victim.kill('SIGSTOP')
  await pause(FROZEN_MS)
  victim.kill('SIGCONT')
}

/** A process that has seen no session renews each of them once, when all their tokens have ended. */
async function lastCheck(
  world: ServiceWorld,
  sessions: readonly string[],
  oids: readonly string[],
): Promise<Outcome> {
  await world.endMachines()
  await pause(TOKEN_SECONDS * 1000)
  const [fresh] = await world.start(1, world.setting('carnet', true))
  return (await fresh?.ask('each', { sessions, oids })) as Outcome
}

function figuresOf(
  minutes: number,
  events: Pick<SoakFigures, 'kills' | 'freezes'>,
  outcomes: readonly Outcome[],
  renewals: number,
  last: Outcome,
): SoakFigures {
  const failures: Record<string, number> = {}
  for (const { errors } of outcomes)
    for (const error of errors) {
      const [count = '0', code = ''] = error.split(' ')
      failures[code] = (failures[code] ?? 0) + Number(count)
    }
  return {
    ...events,
    minutes,
    processes: PROCESSES,
    sessions: SESSIONS,
    calls: outcomes.reduce((sum, { calls }) => sum + calls, 0),
    renewals,
    failures,
    foreign: outcomes.reduce((sum, { foreign }) => sum + foreign, 0),
    longestWaitMs: Math.max(...outcomes.map(({ longestMs }) => longestMs)),
    lost: new Set(outcomes.flatMap(({ lost }) => lost)).size,
    alive: last.tokens,
  }
}

const oidOf = (jwt: string): string =>
  JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()).oid
