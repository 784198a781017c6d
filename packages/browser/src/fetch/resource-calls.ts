/** Calls of APIs with tokens. Loads at the first call, or with the engine when the page is idle. */
import type { ResourceCalls } from '../api/resource-calls.ts'
import type { AuthenticationResult } from '../api/result.ts'
import { loaded } from '../startup/page/loaded.ts'
import { createAnswered } from './answered.ts'
import { authorizationOf, type Call, type CallParts, isBound, type Wish } from './call.ts'
import { lazily } from './lazily.ts'
import { type Outgoing, readOutgoing } from './outgoing.ts'
import { type CallDeps, createCallTokens } from './tokens.ts'

/** Creates the calls of APIs of one client. */
export function createResourceCalls(deps: CallDeps): ResourceCalls {
  const { context } = deps
  const { assertOpen } = deps.loader
  const find = (url: string, method: string) =>
    context.config.resources?.(url, method) ?? ({ attached: false, reason: 'no_key' } as const)
  const tokens = createCallTokens(deps)
  const answered = createAnswered(context.config.now)
  // Most calls need none of these parts.
  const proofs = lazily(async () => (await loaded(import('./proofs.ts'))).createProofs(deps))
  const resumables = lazily(async () =>
    (await loaded(import('./resumables.ts'))).createResumables(deps),
  )
  const remedies = lazily(async () => {
    const { createRemedies } = await loaded(import('./remedies.ts'))
    return createRemedies(deps, { tokens, find, answered, proofs, resumables })
  })
  const others = lazily(async () => {
    const { createOtherStacks } = await loaded(import('./other-stacks.ts'))
    return createOtherStacks(deps, { tokens, proofs, remedies, find, callOf })
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
    const answering = isBound(token)
      ? sendBound(outgoing, call, token)
      : outgoing.send({ authorization: authorizationOf(token) })
    return answering.then((response) => {
      if (response.status === 401 || response.status === 403)
        return refused(outgoing, call, token, response)
      answered.accepted({ call, token })
      return response
    })
  }

  async function sendBound(outgoing: Outgoing, call: Call, token: AuthenticationResult) {
    const isCovered = (url: string) => find(url, call.method).key === call.match.key
    return (await proofs()).send(outgoing, call, token, isCovered)
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

    authorize: async (...given) => (await others()).authorize(...given),
    remedy: async (...given) => (await others()).remedy(...given),
    tokenFor: async (...given) => (await others()).tokenFor(...given),
    resumable: async (...given) => (await resumables()).deliver(...given),
  }
}
