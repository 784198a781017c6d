import { isJsonObject } from '../../model/json.ts'

/** The `claims` parameter (OpenID Connect Core §5.5), as far as Entra lets it steer a sign-in. */
export interface ClaimsRequest {
  /** Authentication contexts that the user must meet. */
  readonly contexts: readonly string[]
  /** `xms_cc`: what the client can do, `cp1` for claims challenges. */
  readonly capabilities: readonly string[]
  /** Seconds since the epoch before which no token is good enough (continuous access evaluation). */
  readonly notBefore: number
}

/** @returns Undefined when it is no JSON object. */
export function parseClaimsRequest(text: string | null): ClaimsRequest | undefined {
  const demands = demandsOf(text ?? '{}')
  return (
    demands && {
      contexts: demands.acrs ?? [],
      capabilities: demands.xms_cc ?? [],
      notBefore: Number(demands.nbf?.[0] ?? 0),
    }
  )
}

/** What the access token must say, by claim: one of these values. Undefined when it is no JSON. */
export function demandsOf(text: string): Record<string, string[]> | undefined {
  const claims = parse(text)
  if (!isJsonObject(claims)) return undefined
  const wanted = isJsonObject(claims.access_token) ? claims.access_token : {}
  return Object.fromEntries(
    Object.entries(wanted).map(([name, wish]) => {
      const { value = [], values = [] } = isJsonObject(wish) ? wish : {}
      return [name, [value, values].flat().map(String)]
    }),
  )
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
