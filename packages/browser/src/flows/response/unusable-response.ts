import { AuthError } from '@carnet/core'
import { readOAuthError } from '@carnet/core/network'
import { kindOfState } from '../authorization/state.ts'

/**
 * Throws for a response to this client that cannot be used.
 *
 * @throws AuthError `unusable_response`
 */
export function assertUsable(response: URLSearchParams): void {
  const names = response.get('unusable')?.split(' ') ?? [...response.keys()]
  if (!response.has('unusable') && ANSWERS.some((name) => names.includes(name))) return
  throw unusable(names, response)
}

/**
 * The error of the response in a popup of Carnet, where no other service answers. `undefined` for a URL without a response, or
 * with the awaited response.
 *
 * @param awaited The `state` that the popup waits for.
 */
export function unusableInPopup(href: string, awaited: string): AuthError | undefined {
  const { hash, searchParams } = new URL(href)
  for (const parameters of [new URLSearchParams(hash.slice(1)), searchParams]) {
    const names = [...parameters.keys()]
    const state = parameters.get('state')
    const isAnswer = ANSWERS.some((name) => names.includes(name))
    const isResponse = isAnswer || TOKENS.some((name) => names.includes(name))
    // Another response of Carnet belongs to another waiting page.
    const isForeign = kindOfState(state ?? '') === undefined
    if (isForeign ? isResponse : !isAnswer && state === awaited) return unusable(names, parameters)
  }
  return undefined
}

const ANSWERS = ['code', 'error']
/** Parameters of a response with tokens (OAuth 2.0 Multiple Response Type Encoding Practices). */
const TOKENS = ['access_token', 'id_token']

function unusable(names: readonly string[], response: URLSearchParams): AuthError {
  const has = (some: readonly string[]) => some.some((name) => names.includes(name))
  const oauth = readOAuthError(Object.fromEntries(response))
  const refusal = oauth ? `: the provider said "${oauth.error}"` : ''
  const what = () => {
    if (has(TOKENS) && !has(['code'])) return 'has tokens instead of a code'
    if (!has(ANSWERS)) return 'has neither a code nor an error'
    if (!has(['state'])) return `has no \`state\`${refusal}`
    return `carries the \`state\` of another request${refusal}`
  }
  return new AuthError('unusable_response', `The response ${what()}.`, { oauth })
}
