/**
 * Builds and parses the keys, tags and names of all stored state: records, entries of `sessionStorage` and
 * `localStorage`, and locks. Keys are not encrypted and hold no secret.
 *
 * A change of a key format is a change in this folder only. The folder has several files because a bundler puts a whole
 * file into one chunk: the first chunk of a page gets `first-keys.ts` and `page-keys.ts`, and the redirect page only the
 * latter. Two parts of keys come from elsewhere: the name of a partition from `dialects/authority-profile.ts`, and the `accountKey`
 * from `accounts/account.ts`, because accounts carry it as their `id`.
 */
export * from './first-keys.ts'
export * from './page-keys.ts'
export * from './record-keys.ts'
export * from './tab-keys.ts'
