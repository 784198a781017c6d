import { isJsonObject } from './json.ts'

/**
 * The accepted values of each claim that a claims request (OpenID Connect Core §5.5) demands of the access token.
 *
 * @returns Undefined if the text is not a JSON object.
 */
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
