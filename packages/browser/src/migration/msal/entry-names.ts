/**
 * The lists of keys of `@azure/msal-browser`, by schema and client: versions 3 to 4.18 have no number, later versions have 1, 2 and 3.
 * Keys of entries are never built or parsed, because their form differs between versions.
 */
export const TOKEN_LIST = /^msal\.(?:(\d+)\.)?token\.keys\.(.+)$/

/** True for an entry that tells of a session or of a sign-in of the client. */
export const isEntryOf =
  (clientId: string) =>
  (key: string): boolean =>
    TOKEN_LIST.exec(key)?.[2] === clientId || key.startsWith(`msal.${clientId}.`)
