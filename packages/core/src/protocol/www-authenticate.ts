/** One challenge of a `WWW-Authenticate` header (RFC 9110 section 11.6.1). */
export interface Challenge {
  /** The scheme in lower case: `bearer`, `dpop`. */
  readonly scheme: string
  /** The parameters by their names in lower case. The first value of a repeated name counts. */
  readonly parameters: ReadonlyMap<string, string>
}

/** Longer headers are ignored. */
const LONGEST_HEADER = 8000

/** `name=value`, `name="value"`, or a scheme, which may have one token after it. */
const PART =
  /[\s,]*(?:([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([\w!#$%&'*+.^`|~/-]+))|([\w!#$%&'*+.^`|~-]+)(?=[\s,]|$)(?!\s*=)(?:[ \t]+[\w.~+/-]+=*(?=\s*(?:,|$)))?)/y

/** Parses the challenges of a header. It stops at the first malformed part. */
export function parseChallenges(header: string | null): Challenge[] {
  const text = header ?? ''
  const challenges: { scheme: string; parameters: Map<string, string> }[] = []
  if (text.length > LONGEST_HEADER) return challenges
  for (PART.lastIndex = 0; PART.lastIndex < text.length; ) {
    const [, name, quoted, plain, scheme] = PART.exec(text) ?? []
    if (scheme !== undefined)
      challenges.push({ scheme: scheme.toLowerCase(), parameters: new Map() })
    else if (name !== undefined) {
      const parameters = challenges.at(-1)?.parameters
      const key = name.toLowerCase()
      if (parameters && !parameters.has(key))
        parameters.set(key, plain ?? quoted?.replace(/\\(.)/g, '$1') ?? '')
    } else break
  }
  return challenges
}
