import {
  createAccountRegistry,
  createConsentLedger,
  createTokenCache,
  createTrace,
} from '@carnet/core'
import type { AccountList, TokenMirror } from '@carnet/core/base'
import type { Context } from './context.ts'

/** The parts that a context is created from. */
export interface ContextParts extends Omit<Context, 'cache' | 'accounts' | 'ledger' | 'trace'> {
  /** The tokens in memory. Default: none. */
  readonly tokens?: TokenMirror
  /** The accounts that were read. Default: none. */
  readonly list?: AccountList
}

/** Creates the parts of a client around its store, inside its partition. */
export function createContext({ tokens, list, ...parts }: ContextParts): Context {
  const { config, custody, platform, store } = parts
  const { partition } = config
  return {
    ...parts,
    cache: createTokenCache(partition, store, tokens, custody.holds),
    accounts: createAccountRegistry(partition, store, list),
    ledger: createConsentLedger(partition, store, platform.now),
    trace: createTrace(platform.monotonicMs),
  }
}
