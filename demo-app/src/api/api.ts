/**
 * Calls an API of the provider with an access token. The result is not validated.
 *
 * @param network Replaces the global `fetch`, so that the demo can go offline.
 * @param input The JSON body of a POST request.
 */
export async function callApi(
  url: string,
  accessToken: string,
  network: typeof fetch,
  input?: object,
): Promise<unknown> {
  const headers = { Authorization: `Bearer ${accessToken}`, Accept: 'application/json' }
  const request = input
    ? {
        method: 'POST',
        headers: { ...headers, 'Content-Type': 'application/json' },
        body: JSON.stringify(input),
      }
    : { headers }
  const response = await network(url, request).catch((cause: unknown) => {
    throw new Error('The API could not be reached. Try again later.', { cause })
  })
  const body: unknown = await response.json().catch(() => undefined)
  if (response.ok) return body
  const reason = textOf(body, 'error_description') ?? textOf(body, 'error')
  throw new Error(`The API responded with ${response.status}${reason ? `: ${reason}` : ''}.`)
}

/** Reads a text field of an untrusted object. Returns `undefined` if there is none. */
export function textOf(value: unknown, field: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const text = (value as Record<string, unknown>)[field]
  return typeof text === 'string' ? text : undefined
}
