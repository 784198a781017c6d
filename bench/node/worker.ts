/** One machine of the bench: a process with a service. Its parent calls it by messages. */
import { createService, type ServiceSetting } from './services.ts'

/** A call of the parent. */
export interface WorkerCall {
  readonly id: number
  readonly method: 'burst' | 'load' | 'stop' | 'keys' | 'begin' | 'sessions' | 'each' | 'health'
  readonly scopes?: readonly (readonly string[])[]
  readonly assertions?: readonly string[]
  readonly sessions?: readonly string[]
  /** The users of `sessions`, in the same order. */
  readonly oids?: readonly string[]
  /** The callers that use sessions at the same time. Default 1. */
  readonly callers?: number
  readonly times?: number
  readonly everyMs?: number
  readonly keys?: string
}

/** The outcome of calls. */
export interface Outcome {
  readonly calls: number
  readonly failed: number
  readonly errors: readonly string[]
  readonly longestMs: number
  readonly tokens: number
  /** Answers that are about another user than the assertion. */
  readonly foreign: number
  readonly withAccount: number
  readonly lost: readonly string[]
}

const setting = JSON.parse(process.argv[2] ?? '{}') as ServiceSetting
const service = await createService(setting)
let isLoading = false
let loading: Promise<Outcome> | undefined

function createTally() {
  const errors = new Map<string, number>()
  const tokens = new Set<string>()
  const lost = new Set<string>()
  const seen = { calls: 0, failed: 0, longestMs: 0, foreign: 0, withAccount: 0 }
  return {
    lost,
    async note(
      work: () => Promise<{ token: string; username?: string | undefined }>,
      oid?: string,
    ) {
      const beganMs = performance.now()
      seen.calls += 1
      try {
        const { token, username } = await work()
        tokens.add(token)
        if (username !== undefined) seen.withAccount += 1
        if (oid !== undefined && claimOf(token, 'oid') !== oid) seen.foreign += 1
      } catch (error) {
        seen.failed += 1
        const { code, errorCode, message } = error as Record<string, string>
        const name = code ?? errorCode ?? message ?? 'unknown'
        errors.set(name, (errors.get(name) ?? 0) + 1)
        return name
      } finally {
        seen.longestMs = Math.max(seen.longestMs, performance.now() - beganMs)
      }
      return undefined
    },
    outcome: (): Outcome => ({
      ...seen,
      tokens: tokens.size,
      lost: [...lost],
      errors: [...errors].map(([name, count]) => `${count} ${name}`),
    }),
  }
}

function claimOf(jwt: string, name: string): unknown {
  return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString())[name]
}

/** Calls everything at once. */
async function burst({ scopes = [], assertions, times = 1 }: WorkerCall): Promise<Outcome> {
  const tally = createTally()
  const calls = Array.from({ length: times }, () =>
    scopes.flatMap((some) =>
      assertions
        ? assertions.map((assertion) =>
            tally.note(
              () => service.onBehalfOf(assertion, some),
              String(claimOf(assertion, 'oid')),
            ),
          )
        : [tally.note(() => service.app(some))],
    ),
  )
  await Promise.all(calls.flat())
  return tally.outcome()
}

/** Calls steadily until `stop`. */
async function load({ scopes = [], everyMs = 20 }: WorkerCall): Promise<Outcome> {
  const tally = createTally()
  while (isLoading) {
    await Promise.all(scopes.map((some) => tally.note(() => service.app(some))))
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
  return tally.outcome()
}

/** Uses sessions steadily until `stop`. A session that needs its user is lost. */
async function useSessions({
  sessions = [],
  oids = [],
  callers = 1,
  everyMs = 20,
}: WorkerCall): Promise<Outcome> {
  const tally = createTally()

  async function caller(): Promise<void> {
    while (isLoading && service.carnet) {
      // One random session after another, as requests of users arrive.
      const index = Math.floor(Math.random() * sessions.length)
      await useSession(tally, sessions[index] ?? '', oids[index])
      await new Promise((resolve) => setTimeout(resolve, everyMs))
    }
  }
  await Promise.all(Array.from({ length: callers }, caller))
  return tally.outcome()
}

/** Uses each session once, one after another. */
async function useEach({ sessions = [], oids = [] }: WorkerCall): Promise<Outcome> {
  const tally = createTally()
  for (const [index, key] of sessions.entries()) await useSession(tally, key, oids[index])
  return tally.outcome()
}

async function useSession(tally: ReturnType<typeof createTally>, key: string, oid?: string) {
  const failure = await tally.note(async () => {
    const request = { key, scopes: ['User.Read'] }
    const answer = await service.carnet?.longRunning.acquireToken(request)
    return { token: answer?.accessToken ?? '' }
  }, oid)
  if (failure === 'interaction_required' || failure === 'session_not_found') tally.lost.add(key)
}

async function run(call: WorkerCall): Promise<unknown> {
  switch (call.method) {
    case 'burst':
      return burst(call)
    case 'load':
    case 'sessions':
      isLoading = true
      loading = call.method === 'load' ? load(call) : useSessions(call)
      return undefined
    case 'each':
      return useEach(call)
    case 'stop':
      isLoading = false
      return loading
    case 'keys':
      return service.setKeys(call.keys ?? '')
    case 'health':
      return service.carnet?.health()
    case 'begin':
      return Promise.all(
        (call.assertions ?? []).map(async (assertion) => {
          const begun = await service.carnet?.longRunning.begin({
            assertion,
            scopes: ['User.Read'],
          })
          return begun?.key
        }),
      )
  }
}

process.on('message', (call: WorkerCall) => {
  run(call).then(
    (result) => process.send?.({ id: call.id, result }),
    (error) => process.send?.({ id: call.id, failure: String(error) }),
  )
})
process.on('disconnect', () => process.exit(0))
process.send?.({ id: 0 })
