import { AuthError } from '@carnet/core/base'
import {
  type ApiChallenge,
  LONGEST_RESOURCE_METADATA,
  type ResourceMetadata,
  readResourceMetadata,
} from '@carnet/core/resources'
import type { Call } from './call.ts'

const invalid = (reason: string, cause?: unknown) =>
  new AuthError('resource_metadata_invalid', `The metadata of the API is not usable: ${reason}.`, {
    cause,
  })

/**
 * Reads the metadata of an API from the address in its challenge (RFC 9728 section 5). The address must be on the origin of the
 * API, and no redirect is followed: another origin could name scopes of its own.
 *
 * @throws AuthError `resource_metadata_invalid`
 */
export async function discoverResource(
  { url }: Pick<Call, 'url'>,
  { resourceMetadata }: Pick<ApiChallenge, 'resourceMetadata'>,
  issuer: string,
  timeoutMs: number,
): Promise<ResourceMetadata> {
  if (!URL.canParse(resourceMetadata ?? '')) throw invalid('its address is no URL')
  const address = new URL(resourceMetadata ?? '')
  if (address.origin !== new URL(url).origin) throw invalid('its address is on another origin')
  const metadata = readResourceMetadata(await readJson(address.href, timeoutMs), url, issuer)
  if (typeof metadata === 'string') throw invalid(metadata)
  return metadata
}

async function readJson(address: string, timeoutMs: number): Promise<unknown> {
  try {
    const response = await globalThis.fetch(address, {
      headers: { accept: 'application/json' },
      credentials: 'omit',
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    if (!response.ok) throw new Error(`the status is ${response.status}`)
    return JSON.parse(await readText(response))
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : 'it could not be read', error)
  }
}

async function readText(response: Response): Promise<string> {
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (let bytes = 0; reader; ) {
    const { done, value } = await reader.read()
    if (done) break
    bytes += value.byteLength
    if (bytes > LONGEST_RESOURCE_METADATA) {
      await reader.cancel()
      throw new Error('it is longer than 256 KiB')
    }
    text += decoder.decode(value, { stream: true })
  }
  return text + decoder.decode()
}
