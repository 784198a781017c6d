import type { AuthClient } from '@carnet/browser'
import type { AppContext } from '../context/app-context.ts'
import { EventType } from '../names/constants.ts'
import { createGuid } from '../page/create-guid.ts'
import { emitLogin } from './emit-login.ts'

/** Emits the changes of other tabs, if all tabs share the cache (`cacheLocation: 'localStorage'`). */
export function announceOtherTabs(auth: AuthClient, context: AppContext): void {
  const { events, accounts, active, config } = context
  if (config.cache.cacheLocation !== 'localStorage') return
  auth.on('accountAdded', ({ account, tab }) => {
    if (tab === 'this') return
    emitLogin({ account: accounts.infoOf(account), correlationId: createGuid() }, 'none', context)
  })
  auth.on('accountRemoved', ({ account, tab }) => {
    if (tab === 'this') return
    const payload = { account: accounts.infoOf(account) }
    events.emitEvent(EventType.LOGOUT_SUCCESS, createGuid(), 'none', payload)
  })
  addEventListener('storage', ({ key, storageArea }) => {
    if (key === active.key && storageArea === localStorage)
      events.emitEvent(EventType.ACTIVE_ACCOUNT_CHANGED, createGuid())
  })
}
