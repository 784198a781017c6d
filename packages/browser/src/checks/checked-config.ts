import type { AskedType } from '@carnet/core'
import type { FirstConfig } from '../api/config.ts'
import type { AuthClientOptions } from '../api/options.ts'
import { firstConfig } from '../startup/first-config.ts'
import { loaded } from '../startup/page/loaded.ts'
import { createTabAccount } from '../tabs/tab-account.ts'
import { checkOptions } from './check-options.ts'

/**
 * Checks options that are not plain, fills in the defaults for the start of a page, and sets up features that only such
 * options use. The map of URLs is a part of its own.
 *
 * @throws AuthError as `checkOptions` does; `part_not_loaded`.
 */
export async function checkedConfig(options: unknown, origin: string): Promise<FirstConfig> {
  const given = checkOptions(options, origin)
  const config = configOfChecked(given, origin)
  if (given.resources === undefined) return config
  const { createResourceFinder } = await loaded(import('./resource-finder.ts'))
  return { ...config, resources: createResourceFinder(given.resources, origin) }
}

/** Fills in the defaults of checked options, without the option `resources`. */
export function configOfChecked(given: AuthClientOptions, origin: string): FirstConfig {
  const { dpop = false } = given
  const tokenType: AskedType | undefined = dpop === 'prefer' ? 'any' : dpop ? 'DPoP' : undefined
  const config = { ...firstConfig(given, origin), tokenType }
  if (given.activeAccount !== 'tab') return config
  return { ...config, tabAccount: createTabAccount(config.group) }
}
