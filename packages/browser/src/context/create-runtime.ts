import {
  createAccountRegistry,
  createConsentLedger,
  createTokenCache,
  createTrace,
} from '@carnet/core'
import type { AccountList, TokenMirror } from '@carnet/core/base'
import type { Runtime } from './runtime.ts'

/** The parts that a runtime is created from. */
export interface RuntimeParts extends Omit<Runtime, 'cache' | 'accounts' | 'ledger' | 'trace'> {
  /** The tokens in memory. Default: none. */
  readonly tokens?: TokenMirror
  /** The accounts that were read. Default: none. */
  readonly list?: AccountList
}

/** Creates the parts of a client around its store, inside its partition. */
export function createRuntime({ tokens, list, ...parts }: RuntimeParts): Runtime {
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
