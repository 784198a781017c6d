/** A page of the app sends this header with any value. A form or a link of another site cannot (RFC 10017). */
export const CSRF_HEADER = 'x-carnet-csrf'

/**
 * True if a page of the app sent the request. Browsers say so by `Sec-Fetch-Site`, which no script can set. For older browsers,
 * the request must have the header `X-Carnet-CSRF`, which other origins can send only after a preflight that is never answered.
 */
export function isFromApp({ headers }: Pick<Request, 'headers'>, origin: string): boolean {
  const site = headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin'
  const from = headers.get('origin')
  return headers.has(CSRF_HEADER) && (from === null || from === origin)
}

/** The answer to a request of another site. */
export const refusedAsForeign = (): Response => answer(403, { error: 'cross_site' })

/** An answer in JSON that no cache keeps. */
export const answer = (
  status: number,
  body: object,
  headers: Record<string, string> = {},
): Response =>
  Response.json(body, {
    status,
    headers: { 'cache-control': 'no-store', vary: 'cookie', ...headers },
  })
