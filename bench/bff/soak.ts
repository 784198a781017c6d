import { setTimeout as sleep } from 'node:timers/promises'
import { type IdentityProvider, startIdentityProvider } from '@carnet/idp'
import { newSealKey } from '@carnet/node'
import { startRedis } from '../../scripts/redis.mjs'
import { startBalancer } from './balancer.ts'
import { type Machine, prepareMachines } from './machines.ts'
import { soakTable } from './table.ts'
import { createTally, type Tally } from './tally.ts'
import { createSoakUser } from './user.ts'

const MACHINES = 2
const TOKEN_SECONDS = 5
/** The time in which the provider answers the replay of a refresh token, because its answer may have been lost. */
const GRACE_SECONDS = 30
const KILL_EVERY_MS = 20_000
const DOWN_MS = 2000
const MINUTE_MS = 60_000
const CLIENT = { id: 'web', secret: 's3cret-of-the-app' }

interface SoakSize {
  readonly minutes: number
  readonly users: number
}

interface SoakOptions extends SoakSize {
  /** The bundled `examples/web-app.ts`. */
  readonly machine: string
}

/**
 * Users of a BFF on two machines behind a balancer, with Redis. Tokens live five seconds, refresh tokens rotate, and a replay after
 * the grace period ends the session. Every twenty seconds one machine is killed with -9.
 *
 * @returns True if no user saw data of another, no session was lost, and every outcome was clear.
 */
export async function soakBff({ machine, ...size }: SoakOptions): Promise<boolean> {
  const prepared = await prepareMachines(machine, MACHINES)
  const balancer = await startBalancer(prepared.ports)
  const redis = await startRedis()
  const idp = await startProvider(size.users, balancer.origin)
  const machines = await prepared.start({
    CLIENT_ID: CLIENT.id,
    AUTHORITY: idp.issuer,
    CLIENT_SECRET: CLIENT.secret,
    CARNET_KEYS: newSealKey(),
    REDIS_URL: redis.url,
    ORIGIN: balancer.origin,
    API: `${idp.issuer}/api/calendar/`,
    SCOPE: 'calendar.read',
  })
  try {
    return await soak(size, { idp, machines, origin: balancer.origin })
  } finally {
    await Promise.all(machines.map((one) => one.end()))
    balancer.close()
    await Promise.all([redis.stop(), idp.close()])
  }
}

const usernames = (count: number) => Array.from({ length: count }, (_, at) => `user-${at}`)

function startProvider(users: number, origin: string): Promise<IdentityProvider> {
  return startIdentityProvider({
    users: usernames(users).map((username) => ({
      username,
      name: `The user ${username}`,
      email: `${username}@example.com`,
    })),
    settings: {
      consent: 'skip',
      accessTokenLifetime: TOKEN_SECONDS,
      refreshTokenGrace: GRACE_SECONDS,
    },
    clients: [
      {
        clientId: CLIENT.id,
        redirectUris: [`${origin}/callback`],
        credentials: { secrets: [CLIENT.secret] },
        backchannelLogoutUri: `${origin}/backchannel-logout`,
      },
    ],
  })
}

async function soak(
  { minutes, users }: SoakSize,
  world: { idp: IdentityProvider; machines: readonly Machine[]; origin: string },
): Promise<boolean> {
  const { idp, machines, origin } = world
  const tally = createTally()
  const all = usernames(users).map((username) =>
    createSoakUser({ username, origin, issuer: idp.issuer, tally }),
  )
  const end = new AbortController()
  const running = Promise.all(all.map((one) => one.run(end.signal)))
  const kills = await killInTurn(machines, minutes, tally)
  end.abort()
  await running
  const checks = await Promise.all(all.map((one) => one.isAlive()))
  const renewals = (await idp.control.stats()).tokenGrants.refresh_token ?? 0
  const alive = checks.filter((one) => one === true).length
  console.log(
    soakTable({ minutes, users, machines: machines.length, kills, renewals, alive, tally }),
  )
  return isGood(tally, checks)
}

/** Kills a machine every twenty seconds. @returns The number of kills. */
async function killInTurn(machines: readonly Machine[], minutes: number, tally: Tally) {
  const endsAtMs = performance.now() + minutes * MINUTE_MS
  let kills = 0
  while (performance.now() + KILL_EVERY_MS < endsAtMs) {
    await sleep(KILL_EVERY_MS)
    await machines[kills % machines.length]?.killFor(DOWN_MS)
    kills += 1
    console.log(`${kills} kills, ${tally.of('calls of the API')} calls`)
  }
  await sleep(Math.max(0, endsAtMs - performance.now()))
  return kills
}

const isGood = (tally: Tally, checks: readonly (boolean | undefined)[]): boolean =>
  tally.of('foreign answers') === 0 &&
  tally.of('sessions lost') === 0 &&
  tally.of('sessions that outlived a sign-out') === 0 &&
  tally.of('forged calls answered') === 0 &&
  tally.of('calls of the API') > 0 &&
  tally.unclearOutcomes().size === 0 &&
  !checks.includes(false)
