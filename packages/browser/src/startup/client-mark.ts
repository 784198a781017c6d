/** How the mark of every client begins. */
export const ANY_MARK = 'carnet-'

/**
 * The mark of the clients of one group (`groupOf`). A client leaves responses with another mark in the address, for the
 * client that they belong to.
 */
export function clientMark(group: string): string {
  let hash = 0x811c9dc5 // FNV-1a: names a client, protects nothing.
  for (const char of group) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193)
  return `${ANY_MARK}${(hash >>> 0).toString(16).padStart(8, '0')}-`
}
