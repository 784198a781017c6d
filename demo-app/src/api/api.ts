import { isAuthError } from '@carnet/browser'
import { textOf } from './parse.ts'

/**
 * Calls an API of the provider. The result is not validated.
 *
 * @param send The `fetch` of the client, which sends the token.
 * @param input The JSON body of a POST request.
 */
export async function callApi(url: string, send: typeof fetch, input?: object): Promise<unknown> {
  const headers = { Accept: 'application/json' }
  const request = input
    ? {
        method: 'POST',
        headers: { ...headers, 'Content-Type': 'application/json' },
        body: JSON.stringify(input),
      }
    : { headers }
  const response = await send(url, request).catch((cause: unknown) => {
    if (isAuthError(cause)) throw cause
    throw new Error('The API could not be reached. Try again later.', { cause })
  })
  const body: unknown = await response.json().catch(() => undefined)
  if (response.ok) return body
  const reason = textOf(body, 'error_description') ?? textOf(body, 'error')
  throw new Error(`The API responded with ${response.status}${reason ? `: ${reason}` : ''}.`)
}
