import type { ResourceMatch } from '@carnet/core/resources'
import type { ResourceCalls, TokenForOptions } from '../api/resource-calls.ts'
import { type Attempt, authorizationOf, type Call, type CallParts, isBound } from './call.ts'
import type { Proofs } from './proofs.ts'
import type { createRemedies } from './remedies.ts'
import { type CallDeps, type CallTokens, noTokenFor } from './tokens.ts'

interface StackParts {
  readonly tokens: CallTokens
  readonly proofs: () => Promise<Proofs>
  readonly remedies: () => Promise<ReturnType<typeof createRemedies>>
  readonly find: (url: string, method: string) => Pick<ResourceMatch, 'reason'>
  readonly callOf: (parts: CallParts) => Call | undefined
}

/** Creates the calls for other HTTP stacks, which send their requests themselves. */
export function createOtherStacks(
  { loader: { assertOpen } }: CallDeps,
  { tokens, proofs, remedies, find, callOf }: StackParts,
): Pick<ResourceCalls, 'authorize' | 'remedy' | 'tokenFor'> {
  const authorizedBy = new WeakMap<Request, Attempt>()

  /** The token of a request that another stack has copied. */
  function tokenIn(request: Request, call: Call): Attempt['token'] | undefined {
    const [, accessToken] =
      /^(?:bearer|dpop) (\S+)$/i.exec(request.headers.get('authorization') ?? '') ?? []
    const account = tokens.wishOf(call)?.account
    return account && accessToken !== undefined ? { accessToken, account } : undefined
  }

  return {
    async authorize(request, options = {}) {
      assertOpen()
      const { url, method, signal, headers } = request
      const call = headers.has('authorization')
        ? undefined
        : callOf({ url, method, signal, options })
      if (!call) return request
      const wish = call.match.optional ? tokens.wishOf(call) : tokens.wishFor(call)
      if (!wish) return request
      const token = tokens.inMemory(wish, false) ?? (await tokens.acquire(wish, false, signal))
      const more = isBound(token)
        ? await (await proofs()).headers(call, token)
        : { authorization: authorizationOf(token) }
      const authorized = request.clone()
      for (const [name, value] of Object.entries(more)) authorized.headers.set(name, value)
      authorizedBy.set(authorized, { call, token })
      return authorized
    },

    async remedy(request, response, options = {}) {
      assertOpen()
      const { answerFor } = await remedies()
      if (request.headers.has('dpop')) await (await proofs()).take(request.url, response)
      const known = authorizedBy.get(request)
      const call = known
        ? { ...known.call, options: { ...known.call.options, ...options } }
        : callOf({ ...partsOf(request), options })
      const token = known ? known.token : call && tokenIn(request, call)
      return answerFor(response, call && token && { call, token })
    },

    async tokenFor(url, { method = 'GET', signal, ...options }: TokenForOptions = {}) {
      assertOpen()
      const parts = { url: new URL(url, document.baseURI).href, method, signal, options }
      const call = callOf(parts)
      if (!call) throw noTokenFor(parts.url, find(parts.url, method).reason)
      const wish = tokens.wishFor(call)
      return tokens.inMemory(wish, false) ?? tokens.acquire(wish, false, signal)
    },
  }
}

const partsOf = ({ url, method, signal }: Request) => ({ url, method, signal })
