import { parseJsonObject } from '../encoding/json.ts'
import { AuthError } from '../errors/errors.ts'
import type { Http } from './http.ts'
import { intermediaryError, isOfIntermediary } from './oauth-error.ts'

/**
 * Creates a function that fetches a public JSON document. It follows redirects, because some providers redirect to add a slash.
 *
 * @throws AuthError `server_error`, `invalid_response` or `intermediary_answered`, and the errors of `http`.
 */
export const createFetchJson = (http: Http) =>
  async function fetchJson(url: string): Promise<Record<string, unknown>> {
    const answer = await http(url, { headers: { accept: 'application/json' }, redirect: 'follow' })
    const { status, body } = answer
    // A page with status 404 probably comes from the server itself: the URL is wrong.
    if (status !== 404 && isOfIntermediary(answer))
      throw intermediaryError(new URL(url).host, status)
    if (status !== 200) {
      const passes = status === 408 || status === 429 || status >= 500
      throw new AuthError(
        passes ? 'server_error' : 'invalid_response',
        `the response has status ${status}.`,
      )
    }
    const document = parseJsonObject(body)
    if (!document) throw new AuthError('invalid_response', 'the response is not a JSON object.')
    return document
  }
