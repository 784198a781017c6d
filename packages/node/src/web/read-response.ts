import { AuthError } from '@carnet/core'

/** A response is a few short parameters; an ID token does not belong to it. */
const LONGEST_FORM = 64 * 1024

/**
 * Reads the authorization response of a request: the query, or the form of a POST (OAuth 2.0 Form Post Response Mode).
 *
 * @throws AuthError `unusable_response` if the request has no `state`, or a parameter twice (RFC 6749 section 3.1).
 */
export async function readResponse(
  request: Request,
): Promise<{ readonly state: string; readonly response: URLSearchParams }> {
  const isForm = request.method === 'POST'
  if (!isForm && request.method !== 'GET')
    throw unusable(`A response arrives by GET or POST, not by ${request.method}.`)
  const text = isForm ? await readForm(request) : new URL(request.url, 'http://localhost').search
  const response = new URLSearchParams(text)
  const names = [...response.keys()]
  if (new Set(names).size < names.length) throw unusable('The response has a parameter twice.')
  const state = response.get('state')
  if (!state) throw unusable('The response has no `state`.')
  return { state, response }
}

/** Reads the form of a POST. @throws AuthError `unusable_response` if the body is no form, or too long. */
export async function readForm(request: Request): Promise<string> {
  const type = request.headers.get('content-type') ?? ''
  if (!type.toLowerCase().startsWith('application/x-www-form-urlencoded'))
    throw unusable('The POST has no form as its body.')
  const decoder = new TextDecoder()
  let text = ''
  for await (const part of request.body ?? []) {
    text += decoder.decode(part, { stream: true })
    if (text.length > LONGEST_FORM) throw unusable('The form is too long.')
  }
  return text
}

const unusable = (message: string) => new AuthError('unusable_response', message)
