import type { AccountInfo, EventMessage } from '@azure/msal-browser'
import type { Account, AuthClient } from '@carnet/browser'
import type { AccountIds } from '../accounts/accounts.ts'
import type { AppContext } from '../context/app-context.ts'
import { EventType } from '../names/constants.ts'
import { createGuid } from '../page/create-guid.ts'
import { emitLogin } from './emit-login.ts'
import { parseNews, type TabNews } from './tab-news.ts'

/** The time after which a removal is announced without the news of its tab, in milliseconds: the tab may have closed. */
const NEWS_TIMEOUT_MS = 1000

/** The events that other tabs hear. They hear of the active account by its storage. */
const SHARED = [EventType.LOGIN_SUCCESS, EventType.LOGOUT_SUCCESS]

const isSame = (ids: AccountIds, account: Account) => ids.homeAccountId === account.homeAccountId

/**
 * Tells other tabs of sign-ins and sign-outs, and emits theirs, if all tabs share the cache (`cacheLocation: 'localStorage'`). An event
 * is emitted when this tab knows the change.
 */
export function announceOtherTabs(auth: AuthClient, context: AppContext): void {
  const { events, accounts, active, config } = context
  if (config.cache.cacheLocation !== 'localStorage') return
  const channel = new BroadcastChannel(`carnet.msal.${config.auth.clientId}`)
  let isForeign = false
  let expected: TabNews[] = []
  const removed = new Map<Account, ReturnType<typeof setTimeout>>()

  /** Emits an event of another tab, which must not go back to it. */
  function emit(news: TabNews, account?: Account): void {
    isForeign = true
    const { eventType, correlationId, interactionType } = news
    const info = account && accounts.infoOf(account)
    if (info && eventType === EventType.LOGIN_SUCCESS)
      emitLogin({ account: info, correlationId }, interactionType, context)
    else events.emitEvent(eventType, correlationId, interactionType, { account: info })
    isForeign = false
  }

  /** Takes the news of an account that arrived before the change. */
  function take(eventType: TabNews['eventType'], account: Account): TabNews | undefined {
    const found = expected.find(
      (one) => one.eventType === eventType && one.ids && isSame(one.ids, account),
    )
    expected = expected.filter((one) => one !== found)
    return found
  }

  function hear(news: TabNews): void {
    const { eventType, ids } = news
    const gone = [...removed].filter(([account]) => !ids || isSame(ids, account))
    for (const [account, timer] of eventType === EventType.LOGOUT_SUCCESS ? gone : []) {
      clearTimeout(timer)
      removed.delete(account)
    }
    const known = ids && accounts.find(ids)
    if (eventType === EventType.LOGIN_SUCCESS) {
      if (known) emit(news, known)
      else expected.push(news)
    } else if (!known) emit(news, gone[0]?.[0])
    else expected.push(news)
  }

  auth.on('accountAdded', ({ account, tab }) => {
    const news = tab === 'other' && take(EventType.LOGIN_SUCCESS, account)
    if (news) emit(news, account)
  })
  auth.on('accountRemoved', ({ account, tab }) => {
    if (tab === 'this') return
    const news = take(EventType.LOGOUT_SUCCESS, account)
    if (news) return emit(news, account)
    const timer = setTimeout(() => {
      removed.delete(account)
      const { LOGOUT_SUCCESS: eventType } = EventType
      emit({ eventType, correlationId: createGuid(), interactionType: 'none' }, account)
    }, NEWS_TIMEOUT_MS)
    removed.set(account, timer)
  })
  channel.onmessage = ({ data }) => {
    const news = parseNews(data)
    if (news) hear(news)
  }
  events.addEventCallback(
    (message) => {
      if (!isForeign) channel.postMessage(newsOf(message))
    },
    SHARED as unknown as EventMessage['eventType'][],
  )
  addEventListener('storage', ({ key, storageArea }) => {
    if (key === active.key && storageArea === localStorage)
      events.emitEvent(EventType.ACTIVE_ACCOUNT_CHANGED, createGuid())
  })
}

/** The news of an event. They name the account, and carry no token. */
function newsOf({ eventType, correlationId, interactionType, payload }: EventMessage): object {
  const { account } = Object(payload) as { account?: AccountInfo | null }
  const { homeAccountId, localAccountId, tenantId } = account ?? {}
  const ids = account ? { homeAccountId, localAccountId, tenantId } : undefined
  return { eventType, correlationId, interactionType, ids }
}
