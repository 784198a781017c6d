/**
 * The reason why a document of this origin cannot load in a hidden iframe of this origin, by the headers of its response;
 * `undefined` if it can. `X-Frame-Options` counts only without `frame-ancestors` (CSP Level 3 section 6.4.2.1).
 */
export function framingFault(headers: Headers, origin: string): string | undefined {
  const policies = (headers.get('content-security-policy') ?? '').split(',').map(directivesOf)
  for (const policy of policies) {
    const ancestors = policy.get('frame-ancestors')
    if (ancestors && !ancestors.some((source) => allows(source, origin)))
      return `its Content-Security-Policy forbids framing (frame-ancestors ${ancestors.join(' ')})`
    const flags = policy.get('sandbox')
    if (flags && !['allow-scripts', 'allow-same-origin'].every((flag) => flags.includes(flag)))
      return 'its Content-Security-Policy puts it into a sandbox'
  }
  const options = headers.get('x-frame-options')
  const hasAncestors = policies.some((policy) => policy.has('frame-ancestors'))
  if (options === null || hasAncestors) return undefined
  const values = options.split(',').map((value) => value.trim().toLowerCase())
  // Contradictory values count as DENY; unknown values are ignored (HTML, "X-Frame-Options").
  const isDenied = values.includes('deny') || new Set(values).size > 1
  return isDenied ? `it forbids framing (X-Frame-Options: ${options})` : undefined
}

function directivesOf(policy: string): Map<string, string[]> {
  const directives = new Map<string, string[]>()
  for (const text of policy.split(';')) {
    const [name = '', ...values] = text.trim().toLowerCase().split(/\s+/)
    if (name !== '' && !directives.has(name)) directives.set(name, values)
  }
  return directives
}

/** True if a source expression of `frame-ancestors` allows `origin` (CSP Level 3 section 6.7.2.7). */
function allows(source: string, origin: string): boolean {
  if (source === "'self'" || source === '*') return true
  const { protocol, hostname, port } = new URL(origin)
  if (/^[a-z][a-z\d+.-]*:$/.test(source)) return source === protocol
  const [, scheme, host = '', wantedPort] =
    /^(?:([a-z][a-z\d+.-]*:)\/\/)?([^:/]+)(?::(\d+|\*))?(?:\/.*)?$/.exec(source) ?? []
  const isHost = host.startsWith('*.') ? hostname.endsWith(host.slice(1)) : host === hostname
  const isPort =
    wantedPort === '*' || (wantedPort ?? '') === port || isDefault(protocol, wantedPort)
  return isHost && isPort && (scheme === undefined || scheme === protocol)
}

const isDefault = (protocol: string, port: string | undefined) =>
  port === (protocol === 'https:' ? '443' : '80')
