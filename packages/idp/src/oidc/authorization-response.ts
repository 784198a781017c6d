import type { ResponseFault } from '../model/faults.ts'
import type { State } from '../state/state.ts'
import type { OidcContext } from '../vendor/oidc-provider.ts'

type Changes = Extract<ResponseFault, { kind: 'authorizationResponse' }>['set']

/** Changes the authorization response, which may follow several pages after the request. */
export function changeAuthorizationResponse(answerFaults: State['answerFaults']) {
  /** The pending changes, by the id that all interactions of one authorization request share. */
  const waiting = new Map<string, Changes>()

  return function changeRedirect(context: OidcContext): void {
    const interaction = context.oidc.entities.Interaction?.cid ?? ''
    const fault = answerFaults.get(context.req)
    const changes = fault?.kind === 'authorizationResponse' ? fault.set : waiting.get(interaction)
    if (!changes) return

    const changed = changeLocation(context.response.get('Location'), changes)
    if (changed === undefined) waiting.set(interaction, changes)
    else {
      waiting.delete(interaction)
      context.set('Location', changed)
    }
  }
}

/** Undefined if the redirect is not the authorization response, which always contains `iss` (RFC 9207). */
function changeLocation(location: string, changes: Changes): string | undefined {
  if (!URL.canParse(location)) return undefined
  const url = new URL(location)
  const fragment = new URLSearchParams(url.hash.slice(1))
  const parameters = fragment.has('iss') ? fragment : url.searchParams
  if (!parameters.has('iss')) return undefined

  for (const [name, value] of Object.entries(changes)) {
    if (value === null) parameters.delete(name)
    else parameters.set(name, value)
  }
  if (parameters === fragment) url.hash = fragment.toString()
  return url.href
}
