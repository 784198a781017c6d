/** Headers of one connection (RFC 9110 section 7.6.1), and headers that say something about this server or its browser. */
const NEVER = new Set([
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade', 'content-length', 'expect', 'host'],
  ...['cookie', 'authorization', 'dpop', 'forwarded', 'origin', 'referer', 'accept-encoding'],
])
const NEVER_BEGINS = ['x-forwarded-', 'sec-', 'proxy-', 'access-control-']

/** Copies the headers that a proxy may pass on. */
export function copyHeaders(from: Headers, others: readonly string[]): Headers {
  const named = (from.get('connection') ?? '').split(',').map((name) => name.trim().toLowerCase())
  const kept = new Headers()
  for (const [name, value] of from) {
    const isDropped =
      NEVER.has(name) ||
      others.includes(name) ||
      named.includes(name) ||
      NEVER_BEGINS.some((start) => name.startsWith(start))
    if (!isDropped) kept.append(name, value)
  }
  return kept
}
