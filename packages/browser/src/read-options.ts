import { checkedConfig } from './checked-config.ts'
import type { AuthClientOptions, Config } from './options.ts'
import { wholeConfig } from './whole-config.ts'

/** Checks the options and fills in the defaults: in one, for what starts without a page. */
export function readOptions(options: AuthClientOptions, origin: string): Config {
  return wholeConfig(checkedConfig(options, origin), origin)
}
