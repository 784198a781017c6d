/** Calls of APIs with tokens. Loads at the first call, or with the engine when the page is idle. */
import type { ResourceCalls } from '../api/resource-calls.ts'
import type { AuthenticationResult } from '../api/result.ts'
import { loaded } from '../startup/page/loaded.ts'
import { createAnswered } from './answered.ts'
import type { Call, Wish } from './call.ts'
import { authorizationOf, type CallParts, createOtherStacks } from './other-stacks.ts'
import { type Outgoing, readOutgoing } from './outgoing.ts'
import { createProofs } from './proofs.ts'
import { type CallDeps, createCallTokens } from './tokens.ts'

/** Creates the calls of APIs of one client. */
export function createResourceCalls(deps: CallDeps): ResourceCalls {
  const { context } = deps
  const { assertOpen } = deps.loader
  const find = (url: string, method: string) =>
    context.config.resources?.(url, method) ?? ({ attached: false, reason: 'no_key' } as const)
  const tokens = createCallTokens(deps)
  const proofs = createProofs(deps)
  const answered = createAnswered(context.config.now)
  const remedies = lazily(async () => {
    const { createRemedies } = await loaded(import('./remedies.ts'))
    return createRemedies(deps, { tokens, find, answered, proofs })
  })

  function callOf({ url, method, signal, options, copy }: CallParts): Call | undefined {
    const match = find(url, method)
    if (!match.attached) return undefined
    return { url, method, match, options, signal, copy, done: new Set() }
  }

  /** Sends an attempt. With a bearer token of memory, the request leaves in the same task. */
  function attempt(outgoing: Outgoing, call: Call, wish: Wish): Promise<Response> {
    const held = tokens.inMemory(wish, outgoing.isBig)
    return held
      ? sendWith(outgoing, call, held)
      : tokens
          .acquire(wish, outgoing.isBig, call.signal)
          .then((token) => sendWith(outgoing, call, token))
  }

  function sendWith(outgoing: Outgoing, call: Call, token: AuthenticationResult) {
    call.signal?.throwIfAborted()
    const answering = proofs.isNeeded(token)
      ? proofs
          .headers(call, token)
          .then((headers) => outgoing.send(headers))
          .then((response) => proofs.take(call.url, response))
      : outgoing.send({ authorization: authorizationOf(token) })
    return answering.then((response) => {
      if (response.status === 401 || response.status === 403)
        return refused(outgoing, call, token, response)
      answered.accepted({ call, token })
      return response
    })
  }

  async function refused(
    outgoing: Outgoing,
    call: Call,
    token: AuthenticationResult,
    response: Response,
  ): Promise<Response> {
    const outcome = await (await remedies()).answer({ call, token }, response)
    if (outcome === 'none' || !outgoing.canRepeat) return response
    response.body?.cancel().catch(() => undefined)
    return attempt(outgoing, call, { ...tokens.wishFor(call), account: token.account })
  }

  return {
    fetch(input, init) {
      try {
        assertOpen()
        const outgoing = readOutgoing(input, init)
        const call = outgoing.hasOwnAuthorization ? undefined : callOf(outgoing)
        if (!call) return outgoing.send()
        call.signal?.throwIfAborted()
        const wish = call.match.optional ? tokens.wishOf(call) : tokens.wishFor(call)
        if (!wish) return outgoing.send()
        const pinned = { ...call, options: { ...call.options, account: wish.account } }
        return attempt(outgoing, pinned, wish).catch((error) => {
          // `fetch` rejects with the reason of its signal.
          call.signal?.throwIfAborted()
          throw error
        })
      } catch (error) {
        return Promise.reject(error)
      }
    },

    ...createOtherStacks(deps, { tokens, proofs, remedies, find, callOf }),
    resumable: async (...given) => (await remedies()).resumables.deliver(...given),
  }
}

/** Loads a part once; after a failure the next call tries again. */
function lazily<T>(load: () => Promise<T>): () => Promise<T> {
  let part: Promise<T> | undefined
  return () => {
    part ??= load().catch((error) => {
      part = undefined
      throw error
    })
    return part
  }
}
