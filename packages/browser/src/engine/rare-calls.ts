/** Calls that few apps make. Loads at the first of them. */
import { declinedOf, notSignedIn } from '@carnet/core'
import { checkRequest } from '../checks/check-request.ts'
import type { RareCalls } from '../startup/engine-api.ts'
import { loaded } from '../startup/page/loaded.ts'
import { toResult } from '../startup/result.ts'
import { queryOf } from '../tokens/query-of.ts'
import type { Parts } from './open-parts.ts'

/** Creates the rare calls of a client. */
export function createRareCalls(
  { context, flows, follower, forecaster, provider, renewer }: Parts,
  /** The URL of the page at the time of the call. */
  href: string,
): RareCalls {
  const { config, accounts, cache, platform } = context

  const accountData = async () => {
    const { createAccountData } = await loaded(import('../tokens/account-data.ts'))
    return createAccountData(context)
  }

  return {
    async metadata(authority = config.authority) {
      checkRequest.authority(authority)
      return provider.metadataOf(authority)
    },

    async completeRedirect(address) {
      if (address !== undefined) checkRequest.address(address, context.page.origin)
      const { completeRedirect } = await loaded(import('../flows/interaction/complete-redirect.ts'))
      return completeRedirect({ address, href }, context, { flows: flows.get, ...follower })
    },

    async completeSignOut(address) {
      if (address !== undefined) checkRequest.address(address, context.page.origin)
      const { completeSignOut } = await loaded(import('../flows/sign-out/complete-sign-out.ts'))
      return completeSignOut({ address, href }, context)
    },

    async importSession(session) {
      const { checkSession } = await loaded(import('../checks/check-session.ts'))
      checkSession(session)
      const part = await loaded(import('../tokens/import-session.ts'))
      await follower.whenSettled()
      return part.importSession(session, context, provider)
    },

    async revokeTokens(request = {}) {
      checkRequest.revoke(request)
      await follower.whenSettled()
      const { revokeTokens } = await loaded(import('../tokens/revoke-tokens.ts'))
      return revokeTokens(request, context, provider.revoke)
    },

    async setAccountData(...asked) {
      await follower.whenSettled()
      return (await accountData()).setAccountData(...asked)
    },

    async getAccountData(...asked) {
      await follower.whenSettled()
      return (await accountData()).getAccountData(...asked)
    },

    async startRenewal() {
      renewer.toggle(true)
      forecaster.toggle(true)
    },

    async stopRenewal() {
      renewer.toggle(false)
      forecaster.toggle(false)
    },

    async peek(request) {
      checkRequest.peek(request)
      await follower.whenSettled()
      const owner = request.account ?? accounts.active()
      if (!owner) return null
      const known = accounts.record(owner)
      if (!known) throw notSignedIn()
      const query = await queryOf(known.account, request, { config, accounts })
      const record = await cache.find(query, platform.now(), () => true)
      return record
        ? toResult(record, known, declinedOf(record, query), {
            fromCache: true,
            trace: () => [],
          })
        : null
    },
  }
}
