import { AuthError } from '../errors.ts'
import { parseJsonObject } from '../json.ts'
import type { Http } from './http.ts'

/** Reads a public JSON document. Redirects are followed: some providers add a slash with one. */
export const createFetchJson = (http: Http) =>
  async function fetchJson(url: string): Promise<Record<string, unknown>> {
    const { status, body } = await http(url, {
      headers: { accept: 'application/json' },
      redirect: 'follow',
    })
    if (status !== 200) {
      const passes = status === 408 || status === 429 || status >= 500
      throw new AuthError(
        passes ? 'server_error' : 'invalid_response',
        `the answer has status ${status}.`,
      )
    }
    const document = parseJsonObject(body)
    if (!document) throw new AuthError('invalid_response', 'the answer is not a JSON object.')
    return document
  }
