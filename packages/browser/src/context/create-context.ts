import {
  createAccountRegistry,
  createConsentLedger,
  createTokenCache,
  createTrace,
} from '@carnet/core'
import type { AccountList, TokenMirror } from '@carnet/core/base'
import type { DpopConfig } from '../api/config.ts'
import type { Dpop } from '../dpop/dpop.ts'
import { type Lazy, lazily } from '../platform/lazily.ts'
import { loaded } from '../startup/page/loaded.ts'
import type { Context } from './context.ts'

/** The parts that a context is created from. */
export interface ContextParts
  extends Omit<Context, 'cache' | 'accounts' | 'ledger' | 'trace' | 'dpop'> {
  /** The tokens in memory. Default: none. */
  readonly tokens?: TokenMirror
  /** The accounts that were read. Default: none. */
  readonly list?: AccountList
}

/** Creates the parts of a client around its store, inside its partition. */
export function createContext({ tokens, list, ...parts }: ContextParts): Context {
  const { config, custody, platform, store } = parts
  const { partition } = config
  const context: Context = {
    ...parts,
    cache: createTokenCache(partition, store, tokens, custody.holds),
    accounts: createAccountRegistry(partition, store, list),
    ledger: createConsentLedger(partition, store, platform.now),
    trace: createTrace(platform.monotonicMs),
    dpop: config.dpop && lazyDpop(config.dpop),
  }
  return context

  function lazyDpop(options: DpopConfig): Lazy<Dpop> {
    return lazily(async () => {
      const { openDpop } = await loaded(import('../dpop/open-dpop.ts'))
      return openDpop(context, options)
    })
  }
}
