import { profileOf } from '@carnet/core'
import { DIALECTS } from '@carnet/core/fakes'
import type { Config } from '../api/config.ts'
import type { AuthClientOptions } from '../api/options.ts'
import { readOptions } from '../checks/read-options.ts'

/** The config of a client, with the dialect of its authority. */
export const testConfig = (options: AuthClientOptions, origin: string): Config =>
  readOptions(options, origin, DIALECTS[profileOf(options.authority, options.authorityProfile)])
