import { oidcDialect } from '@carnet/core'
import type { Config } from '../api/config.ts'
import type { AuthClientOptions } from '../api/options.ts'
import { checkOptions } from './check-options.ts'
import { configOfChecked } from './checked-config.ts'
import { wholeConfig } from './whole-config.ts'

/** Checks the options except `resources`, and fills in all defaults, for code that runs without a page. */
export function readOptions(
  options: AuthClientOptions,
  origin: string,
  dialect = oidcDialect,
): Config {
  return wholeConfig(configOfChecked(checkOptions(options, origin), origin), origin, dialect)
}
