/** What talks to the provider. Loaded when it is first needed, or when the page is idle. */
import { type AccessTokenRecord, AuthError, type TokenQuery } from '@carnet/core'
import {
  createFetchJson,
  createHttp,
  createMetadataSource,
  endSessionUrl,
  type MetadataSource,
  renew,
} from '@carnet/core/network'
import { type StartedAuthorization, startAuthorization } from './interaction/authorize.ts'
import { completeAuthorization } from './interaction/complete.ts'
import { createTransactions } from './interaction/transactions.ts'
import type { InteractiveRequest, SignOutRequest } from './requests.ts'
import type { AuthenticationResult } from './result.ts'
import type { Runtime } from './runtime.ts'

export interface Network {
  readonly metadataOf: MetadataSource
  /** Redeems the refresh token. Call it under the refresh lock. */
  renew(query: TokenQuery): Promise<AccessTokenRecord>
  start(request: InteractiveRequest & { correlationId: string }): Promise<StartedAuthorization>
  /** Takes the transaction of a response, goes back to where the user started, and redeems the code. */
  complete(response: URLSearchParams): Promise<AuthenticationResult>
  forgetTransaction(state: string): Promise<void>
  /** Where to send the user to end the provider's session; nothing where it has no such place. */
  endSession(
    request: SignOutRequest & { idToken: string; authority: string },
  ): Promise<string | undefined>
}

export function createNetwork(runtime: Runtime): Network {
  const { config, platform, store, page } = runtime
  const http = createHttp({ fetch: config.fetch, timeoutMs: config.requestTimeout })
  const metadataOf = createMetadataSource({ platform, store, fetchJson: createFetchJson(http) })
  const transactions = createTransactions(config.clientId, store)

  return {
    metadataOf,
    renew: (query) => renew(query, { ...runtime, clientId: config.clientId, metadataOf, http }),
    start: (request) => startAuthorization(request, runtime, metadataOf),
    forgetTransaction: (state) => transactions.forget(state),

    async complete(response) {
      const transaction = await transactions.take(response.get('state') ?? '', platform.now())
      // It was checked when it was written; a store may have been tampered with since.
      if (new URL(transaction.returnTo).origin !== page.origin)
        throw new AuthError('transaction_not_found', 'The sign-in began on another origin.')
      page.replaceUrl(transaction.returnTo)
      return completeAuthorization(response, transaction, runtime, { metadataOf, http })
    },

    async endSession({ idToken, authority, logoutHint, postLogoutRedirectUri }) {
      return endSessionUrl(await metadataOf(authority), {
        clientId: config.clientId,
        idTokenHint: idToken,
        logoutHint,
        postLogoutRedirectUri: postLogoutRedirectUri ?? config.postLogoutRedirectUri,
        state: undefined,
      })
    },
  }
}
