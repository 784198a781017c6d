import {
  type Account,
  AuthError,
  accountKey,
  isInteractionRequired,
  notSignedIn,
} from '@carnet/core'
import type { AcquireTokenRequest, InteractiveRequest } from '../api/requests.ts'
import type { AuthenticationResult } from '../api/result.ts'
import { checkRequest } from '../checks/check-request.ts'
import { addsTo } from '../flows/authorization/adds-to.ts'
import { unlessPromptAsksAgain } from '../flows/authorization/prompt.ts'
import type { Flows } from '../flows/interaction/create-flows.ts'
import type { Calls } from '../startup/engine-api.ts'
import { loaded } from '../startup/page/loaded.ts'
import { acquireTokens } from '../tokens/acquire-tokens.ts'
import { withAnswerTo } from '../tokens/with-answer-to.ts'
import type { Parts } from './open-parts.ts'

/** Creates the calls of a client that its cache does not answer. Each checks its request first. */
export function createCalls(parts: Parts): Calls {
  const { context, provider, signOut, removeAccount, forecaster, silent } = parts
  const { config, page, accounts } = context
  const { track } = parts.work
  const { askUser, incremental, interact } = createAskUser(parts)

  function knownAccount(account: Account): Account {
    checkRequest.account(account)
    const known = accounts.byKey(accountKey(account))
    if (!known) throw notSignedIn()
    return known
  }

  return {
    async signIn(request = {}, opened) {
      checkRequest.interactive(request, page.origin)
      const { interaction: how = 'redirect', ...asked } = request
      const scopes = [...config.scopes, ...(request.scopes ?? [])]
      const wanted = { ...asked, scopes }
      return interact((to) =>
        how === 'popup' ? to.popup(wanted, { opened }) : to.redirect(wanted).then(pageWasKept),
      )
    },

    async acquireToken(request) {
      checkRequest.acquire(request, page.origin)
      const asking = unlessPromptAsksAgain(silent)(request).catch((error) => {
        if (request.interaction === 'none' || !isInteractionRequired(error)) throw error
        return askUser(withAnswerTo(error, request, accounts), error)
      })
      return track(asking)
    },

    async acquireTokens(request) {
      checkRequest.acquire(request, page.origin)
      const ways = { silent: unlessPromptAsksAgain(silent), interact: askUser }
      return track(acquireTokens(request, context, ways))
    },

    async acquireTokenSilent(request) {
      checkRequest.silent(request)
      return silent(request)
    },

    async acquireTokenRedirect(request) {
      checkRequest.interactive(request, page.origin)
      return interact((to) => to.redirect(incremental(request)).then(pageWasKept))
    },

    async acquireTokenPopup(request, opened) {
      checkRequest.interactive(request, page.origin)
      return interact((to) => to.popup(incremental(request), { opened }))
    },

    async ssoSilent(request = {}) {
      checkRequest.sso(request, page.origin)
      return interact((to) => to.sso(request))
    },

    async userInfo(request = {}) {
      checkRequest.userInfo(request)
      const how = { clientId: config.clientId, provider, dpop: context.dpop }
      const part = loaded(import('../tokens/user-info.ts'))
      return track(part.then((of) => of.askUserInfo(request, how, silent)))
    },

    async forecast(account) {
      const owner = account === undefined ? accounts.active() : knownAccount(account)
      if (!owner) throw new AuthError('no_account', 'No user is signed in.')
      return forecaster.forecast(owner)
    },

    async signOut(request = {}, opened) {
      checkRequest.signOut(request, page.origin)
      return track(signOut.get().then((end) => end(request, opened)))
    },

    async removeAccount(account) {
      await track(removeAccount(knownAccount(account)))
    },

    async clear() {
      for (const account of accounts.list()) await track(removeAccount(account))
    },
  }
}

/** A redirect ends without an error only if the app keeps the page. Such a redirect is no failure of the interaction. */
const pageWasKept = (): never => {
  throw new AuthError('navigation_stopped', 'The app kept the page: `interaction.leave` said no.')
}

/** The ways to ask the user for a token. */
function createAskUser({ context, flows, work }: Parts) {
  /** A token request extends the grant of the account; a sign-in starts a new grant. */
  const incremental = <T extends InteractiveRequest>(request: T) => ({
    ...request,
    addsTo: addsTo(request, context.accounts),
  })

  /** Loads the interactions with the user, and starts one. */
  const interact = <T>(start: (flows: Flows) => Promise<T>) => work.track(flows.get().then(start))

  function askUser(request: AcquireTokenRequest, why: unknown): Promise<AuthenticationResult> {
    const { interaction: how, forceRefresh: _, ...asked } = request
    const wanted = incremental(asked)
    return interact((to) =>
      how === 'popup' ? to.popup(wanted, { why }) : to.redirect(wanted, { why }).then(pageWasKept),
    )
  }

  return { askUser, incremental, interact }
}
