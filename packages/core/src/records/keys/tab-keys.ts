/** The names of entries in `sessionStorage`, apart from those in `page-keys.ts`. */
import { escapeKey } from '../../encoding/escape-key.ts'

/**
 * The beginning of the names of all records in `sessionStorage`, or of those of one collection. The key of a record
 * follows the name of its collection.
 */
export const sessionRecordPrefix = (cacheName: string, collection?: string): string =>
  `carnet|${escapeKey(cacheName)}|${collection === undefined ? '' : `${collection}|`}`

/**
 * The name of an entry by which a tab claims its `sessionStorage`. `part` is `id`, or a random id; the Web Lock and the
 * channel of a tab id have the same name.
 */
export const tabClaimName = (cacheName: string, part: string): string =>
  `carnet-tab|${escapeKey(cacheName)}|${part}`

/** The beginning of the names of sealed copies of transactions. No cache has a name that begins so. */
export const TRANSACTION_COPY_PREFIX = 'carnet-redirect|'

/** The name of the count of redirects of one tab. `mark` is the mark of the client. */
export const redirectCountName = (mark: string): string => `carnet|redirects|${mark}`

/** The name of the active account of one tab. `group` comes from `groupOf`. */
export const tabAccountName = (group: string): string => `carnet.active|${group}`
