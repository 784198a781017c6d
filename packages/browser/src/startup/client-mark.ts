/** The beginning of every client mark. */
export const ANY_MARK = 'carnet-'

/**
 * The mark of the clients of one group (`groupOf`), which starts their `state` values. A client leaves responses with another
 * mark in the URL, for their own client.
 */
export function clientMark(group: string): string {
  let hash = 0x811c9dc5 // FNV-1a: a name, not a protection.
  for (const char of group) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193)
  return `${ANY_MARK}${(hash >>> 0).toString(16).padStart(8, '0')}-`
}
