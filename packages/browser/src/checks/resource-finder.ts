import { findResource, parseResources } from '@carnet/core/resources'
import type { FirstConfig } from '../api/config.ts'
import type { AuthClientOptions } from '../api/options.ts'
import { type Check, checkFields } from './check-fields.ts'

/**
 * Parses the option `resources`, and returns a function that finds the entry of a URL.
 *
 * @param origin The origin of the page, for keys that are paths.
 * @throws AuthError `invalid_options` for an invalid key or rule.
 */
export function createResourceFinder(
  resources: AuthClientOptions['resources'],
  origin: string,
): NonNullable<FirstConfig['resources']> {
  let entries: ReturnType<typeof parseResources> = []
  const parsed: Check = (value) => {
    try {
      entries = parseResources(value, origin)
      return undefined
    } catch (error) {
      return error instanceof Error ? error.message : 'is not usable'
    }
  }
  checkFields('Options', 'invalid_options', { resources }, { resources: parsed }, [])
  return (url, method) => findResource(entries, url, method, document.baseURI)
}
