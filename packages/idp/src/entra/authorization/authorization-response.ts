import type { ResponseFault } from '../../model/faults.ts'
import { type Answer, redirect } from '../http/http.ts'
import type { ReplyTo } from '../requests/authorization-request.ts'

/** Redirects the browser to the app with the authorization response. Entra sends no `iss` (RFC 9207). */
export function authorizationResponse(
  { redirectUri, responseMode, state }: ReplyTo,
  parameters: Readonly<Record<string, string>>,
  fault: ResponseFault | undefined,
  headers: Answer['headers'] = {},
): Answer {
  const changes = fault?.kind === 'authorizationResponse' ? fault.set : {}
  const complete = { ...parameters, ...(state !== null && { state }), ...changes }
  const kept = Object.entries(complete).filter((entry): entry is [string, string] => {
    const [, value] = entry
    return value !== null
  })
  const target = new URL(redirectUri)
  if (responseMode === 'fragment') target.hash = new URLSearchParams(kept).toString()
  else for (const [name, value] of kept) target.searchParams.set(name, value)
  return redirect(target.href, headers)
}
