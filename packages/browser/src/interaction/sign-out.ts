import {
  type Account,
  type AccountRecord,
  AuthError,
  accountKey,
  refreshTokenKey,
} from '@carnet/core'
import type { Events } from '../announce.ts'
import { loaded } from '../load-network.ts'
import type { Network } from '../network.ts'
import type { SignOutRequest } from '../requests.ts'
import type { Runtime } from '../runtime.ts'
import { openPopup, type Popup } from './popup-window.ts'
import { clientMark, createState } from './state.ts'

/** Sign-out: what is held here goes first and always, the provider's session after it. */
export function createSignOut(runtime: Runtime, events: Events, network: () => Promise<Network>) {
  const { config, page, platform, store, cache, accounts, ledger, announce } = runtime

  async function removeAccount(account: Account): Promise<void> {
    const key = accountKey(account)
    const active = accounts.active()
    const wasActive = active !== undefined && accountKey(active) === key
    const removed = accounts.remove(key)
    const changes = [
      ...removed,
      ...cache.removal(account, accounts.list()),
      ...ledger.removal(account),
    ]
    cache.forget(key)
    await store.write(changes)
    announce.accountRemoved(account)
    if (wasActive) announce.activeAccountChanged(undefined)
  }

  async function signOut(request: SignOutRequest): Promise<void> {
    const owner = request.account ?? accounts.active()
    const record = owner && accounts.record(owner)
    if (!record) {
      if (request.account)
        throw new AuthError('account_not_found', 'The account is not signed in here.')
      return // Nobody is signed in: that is what was wanted.
    }
    const popup =
      request.interaction === 'popup' ? openPopup(config.interaction.popupFeatures) : undefined
    try {
      const refreshTokens = request.revoke ? await cache.refreshTokens(record.account) : []
      const isSame = (other: Account) => refreshTokenKey(other) === refreshTokenKey(record.account)
      // A session that ends is the person's: every tenant's view of them goes.
      const ending =
        request.interaction === 'none' ? [record.account] : accounts.list().filter(isSame)
      for (const other of ending) await removeAccount(other)
      events.emit('signedOut', { account: record.account })
      const revoking = refreshTokens.map(({ token }) => revoke(token, record))
      const failure = await Promise.all(revoking).then(
        () => undefined,
        (error: unknown) => error,
      )
      if (request.interaction !== 'none') await endSession(request, record, popup)
      if (failure !== undefined) throw failure
    } finally {
      popup?.close()
    }
  }

  const revoke = async (refreshToken: string, { authority }: AccountRecord) =>
    (await network()).revoke(refreshToken, authority)

  async function endSession(
    { logoutHint, postLogoutRedirectUri }: SignOutRequest,
    { account, idToken, authority }: AccountRecord,
    popup: Popup | undefined,
  ): Promise<void> {
    const state =
      popup &&
      createState(clientMark(config.cache.name, config.clientId), 'signOut', platform.randomId())
    const ownHint = account.idTokenClaims.login_hint
    const url = await (await network()).endSession({
      idToken,
      authority,
      logoutHint: logoutHint ?? (typeof ownHint === 'string' ? ownHint : undefined),
      postLogoutRedirectUri:
        postLogoutRedirectUri && new URL(postLogoutRedirectUri, page.origin).href,
      state,
    })
    if (url === undefined)
      throw new AuthError('end_session_unsupported', `${authority} has no end-session endpoint.`)
    if (popup && state) return untilPopupReturns(popup, url, state)
    page.navigate(url)
    await new Promise<void>((resolve) => {
      const stop = page.onRestored(() => {
        stop()
        resolve()
      })
    })
  }

  /** Over when the provider sends the window back, the user closes it, or it takes too long: the account is gone either way. */
  async function untilPopupReturns(popup: Popup, url: string, state: string): Promise<void> {
    const { waitForAnswer } = await loaded(import('./wait-for-answer.ts'))
    const CLOSED = Symbol('closed')
    const { timeout } = config.interaction
    const returning = waitForAnswer(state, new AbortController().signal, (fail) => {
      const stop = popup.onClosedByUser(() => fail(CLOSED))
      const timer = timeout === undefined ? undefined : setTimeout(() => fail(CLOSED), timeout)
      return () => {
        stop()
        clearTimeout(timer)
      }
    })
    popup.navigate(url)
    await returning.catch((error) => {
      if (error !== CLOSED) throw error
    })
  }

  return { signOut, removeAccount }
}
