/** One challenge of a `WWW-Authenticate` header (RFC 9110 section 11.6.1). */
export interface Challenge {
  /** In lower case: `bearer`, `dpop`. */
  readonly scheme: string
  /** By name in lower case; of a name that is repeated, the first counts. */
  readonly parameters: ReadonlyMap<string, string>
}

/** A longer header is no challenge that anybody has to answer. */
const LONGEST_HEADER = 8000

/** `name=value`, `name="value"`, or a scheme with or without the one token that may follow it. */
const PART =
  /[\s,]*(?:([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([\w!#$%&'*+.^`|~/-]+))|([\w!#$%&'*+.^`|~-]+)(?=[\s,]|$)(?!\s*=)(?:[ \t]+[\w.~+/-]+=*(?=\s*(?:,|$)))?)/y

/** Reads the challenges of a header; what comes after a part that is malformed is left out. */
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
