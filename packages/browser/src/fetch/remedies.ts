import { accountKey } from '@carnet/core/base'
import { type ApiChallenge, type ResourceMatch, readApiChallenge } from '@carnet/core/resources'
import type { ChallengeKind } from '../api/resource-calls.ts'
import type { Parts } from '../engine/open-parts.ts'
import { until } from '../platform/until.ts'
import type { createAnswered } from './answered.ts'
import { type Attempt, type Call, MOST_REMEDIES, nameOfCall } from './call.ts'
import { createFlights } from './flights.ts'
import type { Proofs } from './proofs.ts'
import type { Resumables } from './resumables.ts'
import { createSolutions } from './solutions.ts'
import type { CallDeps, CallTokens } from './tokens.ts'

type Outcome = 'retry' | 'none'

/** Creates the answers to challenges of APIs. */
export function createRemedies(
  deps: CallDeps,
  {
    tokens,
    find,
    answered,
    proofs,
    resumables,
  }: {
    tokens: CallTokens
    find: (
      url: string,
      method: string,
    ) => Pick<ResourceMatch, 'attached' | 'reason'> & { key?: string | undefined }
    answered: ReturnType<typeof createAnswered>
    proofs: () => Promise<Proofs>
    resumables: () => Promise<Resumables>
  },
) {
  const { context } = deps
  const { config, events } = context
  const flights = createFlights(async (name, work) => {
    const { platform } = ((await deps.loader.start()).parts as Parts).context
    return platform.withLock(`carnet.challenge|${config.group}|${name}`, work)
  })
  const solve = createSolutions(deps, { tokens, resumables })
  const warn = createWarnings(config.log)

  /** Explains the challenge of a response of the API itself; a redirect may have led to another API. */
  function challengeOf({ url, method, match }: Call, response: Response): ApiChallenge | undefined {
    if (response.redirected && find(response.url, method).key !== match.key) return undefined
    const header = response.headers.get('www-authenticate')
    const { challenge, unreadable } = readApiChallenge(response.status, header)
    if (unreadable !== undefined) warn(new URL(url).origin, unreadable)
    return challenge
  }

  async function answer(attempt: Attempt, response: Response): Promise<Outcome> {
    const { call, token } = attempt
    const challenge = challengeOf(call, response)
    if (!challenge) return 'none'
    const kind = kindOf(challenge, call, config.given.discoverResources === true)
    let isShared = false
    const report = (outcome: 'retry' | 'none' | 'failed') =>
      events.emit('challenge', {
        account: token.account,
        resource: call.match.key,
        kind,
        outcome,
        shared: isShared,
      })
    if (kind === 'dpop_nonce' || kind === 'dpop_proof') {
      const outcome = await until(call.signal, (await proofs()).answer(kind, call, response))
      call.done.add(kind)
      report(outcome)
      return outcome
    }
    const isOver = answered.isRefusedAgain(kind, attempt)
    if (isOver || call.done.size >= MOST_REMEDIES || call.done.has(kind)) return 'none'
    const parameters = JSON.stringify({ ...challenge, resourceMetadata: undefined })
    const how = call.options.interaction
    const name = [accountKey(token.account), nameOfCall(call), kind].join(' ')
    isShared = true
    const solving = flights.join(`${name} ${how} ${parameters}`, name, call, (sharers) => {
      isShared = false
      return solve(kind, challenge, attempt, { response, ...sharers })
    })
    try {
      const { outcome, isNewer } = await until(call.signal, solving)
      call.done.add(isNewer ? 'newer' : kind)
      report(outcome)
      if (outcome === 'retry' && !isNewer) await noteAnswer(kind, attempt)
      return outcome
    } catch (error) {
      report('failed')
      throw error
    }
  }

  async function noteAnswer(kind: ChallengeKind, { call, token }: Attempt): Promise<void> {
    const wish = { ...tokens.wishFor(call), account: token.account }
    const next = tokens.inMemory(wish, false) ?? (await tokens.acquire(wish, false, call.signal))
    answered.note(kind, { call, token: next })
  }

  return {
    answer,

    /** Answers the challenge of a response to another HTTP stack. */
    async answerFor(response: Response, attempt: Attempt | undefined): Promise<Outcome> {
      answered.forgetOld()
      return attempt ? answer(attempt, response) : 'none'
    },
  }
}

/** A challenge with the address of metadata is answered by the metadata, if the app wants that. */
function kindOf(challenge: ApiChallenge, { done }: Call, isOn: boolean): ChallengeKind {
  const isMetadata = isOn && challenge.kind === 'token' && challenge.resourceMetadata !== undefined
  return isMetadata && !done.has('metadata') ? 'metadata' : challenge.kind
}

/** Logs the reason once for each origin. */
function createWarnings(log: CallDeps['context']['config']['log']) {
  const warned = new Set<string>()
  return (origin: string, reason: string): void => {
    if (warned.has(origin)) return
    warned.add(origin)
    log('warn', `challenge_unreadable: ${origin} ${reason}.`)
  }
}
