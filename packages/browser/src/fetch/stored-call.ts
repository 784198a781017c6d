/** A call as it is stored, without its token. */
export interface StoredCall {
  readonly url: string
  readonly method: string
  readonly headers: [string, string][]
  readonly body: Uint8Array<ArrayBuffer> | null
  readonly idempotencyKey: string
  readonly storedAtMs: number
}

/** The form of a call in the store: the body is text. */
type SealedCall = Omit<StoredCall, 'body'> & { readonly body: string | null }

/** Larger bodies are not stored. */
const LARGEST_BODY = 64 * 1024

/** The stored form of a call; `undefined` if its body is too large. */
export async function storedCallOf(
  request: Request,
  idempotencyKey: string,
  storedAtMs: number,
): Promise<SealedCall | undefined> {
  const { url, method } = request
  const bytes = new Uint8Array(await request.arrayBuffer())
  if (bytes.byteLength > LARGEST_BODY) return undefined
  const headers = [...request.headers].filter(([name]) => name !== 'authorization')
  const hasBody = !/^(GET|HEAD)$/.test(method)
  const body = hasBody ? btoa(String.fromCharCode(...bytes)) : null
  return { url, method, headers, body, idempotencyKey, storedAtMs }
}

/** Reads a stored call; `undefined` for any other value. */
export function readStoredCall(value: unknown): StoredCall | undefined {
  const stored = Object(value) as Record<keyof StoredCall, unknown>
  const { url, method, headers, body, idempotencyKey, storedAtMs } = stored
  if (
    typeof url !== 'string' ||
    typeof method !== 'string' ||
    !Array.isArray(headers) ||
    !(body === null || typeof body === 'string') ||
    typeof idempotencyKey !== 'string' ||
    typeof storedAtMs !== 'number'
  )
    return undefined
  const bytes =
    body === null ? null : Uint8Array.from(atob(body), (character) => character.charCodeAt(0))
  return { url, method, headers, body: bytes, idempotencyKey, storedAtMs }
}
