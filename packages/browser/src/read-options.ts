import { checkOptions } from './check-options.ts'
import { firstConfig } from './first-config.ts'
import type { AuthClientOptions, Config } from './options.ts'
import { wholeConfig } from './whole-config.ts'

/** Checks the options and fills in the defaults: in one, for what starts without a page. */
export function readOptions(options: AuthClientOptions, origin: string): Config {
  return wholeConfig(firstConfig(checkOptions(options, origin), origin), origin)
}
