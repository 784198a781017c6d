import { stopWaitingOn } from '@carnet/core'
import type { SignIn, SignInBegun, SignInFinished, SignInRequest } from '../api/web-app.ts'
import type { AuthorizationCode } from '../authorization/authorization-code.ts'
import { checkAuthorization } from '../authorization/check-authorization.ts'
import type { ClientParts } from '../tokens/client-parts.ts'
import { namedCall } from '../tokens/named-call.ts'
import { checkResponseMode, localPath } from './check-sign-in.ts'
import { redirectTo } from './cookies.ts'
import { readResponse } from './read-response.ts'
import { createWebTransactions, TRANSACTION_MS } from './transactions.ts'

/** Creates the sign-in of users to a web app: the authorization code flow of a confidential client. */
export function createSignIn(
  { runtime }: Pick<ClientParts, 'runtime'>,
  { prepare, redeem }: AuthorizationCode,
): SignIn {
  const { platform } = runtime
  const transactions = createWebTransactions(runtime)

  async function begin(request: SignInRequest): Promise<SignInBegun> {
    checkAuthorization(request)
    checkResponseMode(request)
    const { responseMode, redirectUri } = request
    const returnTo = localPath(request.returnTo ?? '/', redirectUri)
    const { url, waiting } = await prepare(request, transactions.newState(), responseMode)
    const transaction = { ...waiting, returnTo, expiresAtMs: platform.now() + TRANSACTION_MS }
    const isFormPost = responseMode === 'form_post'
    const saved = await transactions.save(transaction, isFormPost, request.request)
    return { url, ...saved, response: redirectTo(url, saved.cookies) }
  }

  async function finish(request: Request): Promise<SignInFinished> {
    const { state, response } = await readResponse(request)
    const { transaction, cookies } = await transactions.take(state, request)
    const { account, result } = await namedCall(transaction.correlationId, () =>
      redeem(response, transaction),
    )
    return { account, returnTo: transaction.returnTo, result, cookies }
  }

  return {
    begin: (request) =>
      namedCall(request?.correlationId, () => stopWaitingOn(request?.signal, begin(request))),
    finish: (request, { signal } = {}) =>
      namedCall(undefined, () => stopWaitingOn(signal, finish(request))),
  }
}
