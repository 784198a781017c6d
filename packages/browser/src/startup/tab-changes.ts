import type { Engine } from './engine-api.ts'
import type { EngineLoader } from './engine-loader.ts'
import type { StartContext } from './start-context.ts'

/** The changes of other tabs. */
export interface TabChanges {
  /** Applies a change. Calls of the app wait for it, so that no answer is out of date. */
  apply(change: (engine: Engine) => Promise<void>): void
  /** The changes that are being applied. */
  applying(): Promise<void> | undefined
}

/** Applies the changes of other tabs with the engine. If the engine does not load, the accounts are read again. */
export function createTabChanges(
  { accounts, config, events, snapshots, tokens }: StartContext,
  { start, isClosed }: EngineLoader,
): TabChanges {
  let applying: Promise<void> | undefined

  /** The accounts can be read without the engine. */
  function readAccounts(): Promise<void> {
    tokens.forgetAll()
    const before = accounts.activeId()
    return accounts.load(() => {
      if (accounts.activeId() !== before)
        events.emit('activeAccountChanged', { account: accounts.active() ?? null, tab: 'other' })
      else snapshots.publish()
    })
  }

  return {
    apply(change) {
      if (isClosed()) return
      const earlier = applying
      const done: Promise<void> = start()
        .then(change)
        .catch(async (error) => {
          config.log('warn', `A change of another tab was not applied: ${error}`)
          // One after the other: otherwise two reads report the same change.
          await earlier
          return readAccounts()
        })
        .catch(() => undefined)
        .finally(() => {
          if (applying === done) applying = undefined
        })
      applying = done
    },
    applying: () => applying,
  }
}
