import { createEmitter } from '@carnet/core/base'
import type { AuthEvents } from '../api/events.ts'
import type { Snapshot } from '../api/snapshot.ts'
import type { Announce } from '../context/context.ts'
import type { Page } from '../platform/page.ts'
import type { StartedNavigation } from '../platform/page-navigation.ts'
import type { StartContext } from '../startup/start-context.ts'
import type { TabChannel } from '../startup/tabs/channel.ts'

const nothing = () => undefined
const never = () => nothing

/** A navigation that never stops. */
export const fakeNavigation = (changes: Partial<StartedNavigation> = {}): StartedNavigation => ({
  stopped: new Promise(() => undefined),
  wasQuestioned: () => false,
  end: nothing,
  ...changes,
})

/** A page whose functions do nothing. */
export const fakePage = (origin: string, changes: Partial<Page> = {}): Page => ({
  origin,
  href: () => origin,
  replaceUrl: nothing,
  preconnect: nothing,
  navigate: () => fakeNavigation(),
  frameName: nothing,
  tabNote: nothing,
  setTabNote: nothing,
  wasUsed: () => true,
  onStored: never,
  onRestored: never,
  onWake: never,
  onFrozen: never,
  isOnline: () => true,
  serverTimeMs: async () => undefined,
  keepStorage: async () => undefined,
  whenIdle: nothing,
  ...changes,
})

/** An `Announce` that reports nothing. */
export const fakeAnnounce = (changes: Partial<Announce> = {}): Announce => ({
  changed: nothing,
  accountAdded: nothing,
  accountRemoved: nothing,
  activeAccountChanged: nothing,
  onAcquired: nothing,
  renewalFailed: nothing,
  tokens: nothing,
  ...changes,
})

/** A channel without listeners. */
export const silentChannel: TabChannel = { post: nothing, close: nothing }

const SIGNED_OUT: Snapshot = {
  status: 'signedOut',
  account: null,
  accounts: [],
  interaction: null,
  error: null,
  challenge: null,
}

/** The parts of a `StartContext` that a client without a page needs. A listener that throws fails the test. */
export const fakeStart = (): Pick<StartContext, 'events' | 'snapshots' | 'closed'> => ({
  events: createEmitter<AuthEvents>((error) => {
    throw error
  }),
  snapshots: { read: () => SIGNED_OUT, note: nothing, publish: nothing },
  closed: new AbortController().signal,
})
