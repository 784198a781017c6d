/** Marks a `state` as one of Carnet's, and names the client: several may share a page. */
const STATE = /^carnet-[0-9a-f]{8}\./

export const isCarnetState = (state: string) => STATE.test(state)

/** The mark of one client: responses that carry another's are left to that one. */
export function stateMark(cacheName: string, clientId: string): string {
  let hash = 0x811c9dc5 // FNV-1a: names a client, protects nothing.
  for (const char of `${cacheName}|${clientId}`)
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193)
  return `carnet-${(hash >>> 0).toString(16).padStart(8, '0')}.`
}
