import type { AskedType } from '@carnet/core'
import { findResource, parseResources } from '@carnet/core/resources'
import type { AuthClientOptions, FirstConfig } from '../api/options.ts'
import { firstConfig } from '../startup/first-config.ts'
import { createTabAccount } from '../tabs/tab-account.ts'
import { checkOptions } from './check-options.ts'

/**
 * Checks options that are not plain, fills in the defaults for the start of a page, and sets up features that only such
 * options use.
 *
 * @throws AuthError as `checkOptions` does.
 */
export function checkedConfig(options: unknown, origin: string): FirstConfig {
  const given: AuthClientOptions = checkOptions(options, origin)
  const { dpop = false, resources } = given
  const tokenType: AskedType | undefined =
    dpop === true ? 'DPoP' : dpop === 'prefer' ? 'any' : undefined
  const entries = resources && parseResources(resources, origin)
  const config = {
    ...firstConfig(given, origin),
    tokenType,
    resources:
      entries &&
      ((url: string, method: string) => findResource(entries, url, method, document.baseURI)),
  }
  if (given.activeAccount !== 'tab') return config
  return { ...config, tabAccount: createTabAccount(config.group) }
}
