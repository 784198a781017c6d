import { createHash } from 'node:crypto'
import type { Context } from '../vendor/oidc-provider.ts'

/** Reads the whole body and describes the request. The token itself is not in the answer. */
export async function echo(context: Context): Promise<object> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of context.req) {
    hash.update(chunk as Buffer)
    bytes += (chunk as Buffer).length
  }
  const [scheme] = context.get('Authorization').split(' ')
  return {
    method: context.method,
    path: context.path,
    contentType: context.get('Content-Type') || null,
    bytes,
    /** Lower-case hex. */
    sha256: hash.digest('hex'),
    scheme: scheme || null,
    dpop: context.get('DPoP') !== '',
  }
}
