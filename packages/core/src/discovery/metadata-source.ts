import { isIssuerOf } from '../dialects/oidc/issuer.ts'
import { oidcDialect } from '../dialects/oidc/oidc-dialect.ts'
import type { ProviderDialect } from '../dialects/provider-dialect.ts'
import { AuthError, isAuthError } from '../errors/errors.ts'
import type { Platform } from '../platform/platform.ts'
import { createSingleFlight } from '../platform/single-flight.ts'
import { formatOf } from '../records/format.ts'
import { metadataRecordKey } from '../records/keys/record-keys.ts'
import type { RecordStore } from '../records/record-store.ts'
import { asObject, instant, optional, shape, text } from '../records/shape.ts'
import { readMembers } from './metadata-members.ts'
import { type ProviderMetadata, parseProviderMetadata } from './provider-metadata.ts'

/** A discovery document is fresh for this long: no request for a newer document. */
const FRESH_FOR_MS = 24 * 3_600_000
/** A stale discovery document is used for this long, while a newer document is fetched in the background. */
const KEPT_FOR_MS = 30 * FRESH_FOR_MS

/** Members of a discovery document, by their names in OpenID Connect Discovery 1.0 section 3. */
export type GivenMetadata = Readonly<Record<string, unknown>>

/** The facts about the metadata of one authority that the app gives. */
export interface GivenFacts {
  readonly authority: string
  /** Members that override the document. */
  readonly members?: GivenMetadata | undefined
  /** The issuer that the document must name. Default: by the dialect, from the authority. */
  readonly issuer?: string | undefined
  /** The URL of the document. Default: by the dialect, from the authority. */
  readonly url?: string | undefined
}

/** True if the members make discovery unnecessary. */
const isComplete = (members: GivenMetadata): boolean =>
  ['issuer', 'authorization_endpoint', 'token_endpoint'].every(
    (name) => members[name] !== undefined,
  )

/** The paths of endpoints at common providers; the issuer ends before them. */
const ENDPOINT_PATH =
  /\/(?:(?:protocol\/openid-connect|oauth2?(?:\/v\d[\d.]*)?|connect|oidc)\/)?(?:authorize|auth|token|userinfo|login|logout)$/

/** Advice for `authority` if there is no document. Common mistakes are an endpoint, or a parent path of the issuer. */
function adviceFor(authority: string, isMissing: boolean): string {
  const base = authority.replace(/\/$/, '')
  const [end] = ENDPOINT_PATH.exec(base) ?? []
  if (end !== undefined)
    return ` \`authority\` must be the issuer, without ${end}: write "${base.slice(0, -end.length)}".`
  return isMissing
    ? ' `authority` must be the issuer with its whole path, as the provider states it.'
    : ''
}

interface Known {
  readonly metadata: ProviderMetadata
  readonly fetchedAtMs: number
  /** The members and the URL that the app gave when the document was fetched, as JSON. */
  readonly given?: string | undefined
}

const metadataFormat = formatOf<Known>(
  1,
  shape<Known, 'metadata'>({ fetchedAtMs: instant, given: optional(text) }),
)

/** Finds the metadata of an authority. With `anew`, it always asks the network. */
export type MetadataSource = (authority: string, anew?: boolean) => Promise<ProviderMetadata>

/**
 * Creates a `MetadataSource`, which looks in memory, then in the store, then on the network. It returns a stale document
 * at once and fetches a newer document in the background.
 */
export function createMetadataSource(deps: {
  platform: Platform
  store: RecordStore
  /** Default plain OpenID Connect. */
  dialect?: ProviderDialect
  /** Reads JSON over the network, bounded in time and size. */
  fetchJson: (url: string) => Promise<unknown>
  /** From the app's options. */
  given?: GivenFacts | undefined
}): MetadataSource {
  const { platform, store, fetchJson, dialect = oidcDialect } = deps
  const givenFor = (authority: string): Partial<GivenFacts> =>
    deps.given?.authority === authority ? deps.given : {}
  const givenText = (authority: string) => {
    const { members, url } = givenFor(authority)
    return url === undefined ? members && JSON.stringify(members) : JSON.stringify([url, members])
  }
  function parse(document: unknown, authority: string): ProviderMetadata {
    const { issuer } = givenFor(authority)
    const rule =
      issuer === undefined ? dialect : { isIssuerOf: (named: string) => isIssuerOf(named, issuer) }
    return parseProviderMetadata(document, authority, rule)
  }
  const known = new Map<string, Known>()
  const singleFlight = createSingleFlight<ProviderMetadata>()

  const isFresh = ({ fetchedAtMs }: Known) => {
    const ageMs = platform.now() - fetchedAtMs
    return ageMs >= 0 && ageMs < FRESH_FOR_MS
  }

  async function stored(authority: string): Promise<Known | undefined> {
    try {
      const stored = await store.get('metadata', metadataRecordKey(authority))
      const value = metadataFormat.read(stored?.value)
      if (!value) return undefined
      if (platform.now() - value.fetchedAtMs >= KEPT_FOR_MS) return undefined
      if (value.given !== givenText(authority)) return undefined
      const metadata = parse(value.metadata, authority)
      return { metadata, fetchedAtMs: value.fetchedAtMs, given: givenText(authority) }
    } catch {
      return undefined // The network replaces a record that does not parse.
    }
  }

  function fetchNew(authority: string): Promise<ProviderMetadata> {
    return singleFlight(`network ${authority}`, async () => {
      const { members, url = dialect.discoveryUrl(authority) } = givenFor(authority)
      const document = { ...asObject(await readDocument(url, authority)), ...members }
      const metadata = parse(document, authority)
      const { malformed } = readMembers(document)
      if (malformed.length > 0)
        platform.log('warn', `${url} holds malformed members, which are ignored: ${malformed}.`)
      const given = givenText(authority)
      const fresh: Known = { metadata, fetchedAtMs: platform.now(), given }
      known.set(authority, fresh)
      const expiresAtMs = fresh.fetchedAtMs + KEPT_FOR_MS
      const record = {
        key: metadataRecordKey(authority),
        tags: [],
        expiresAtMs,
        value: metadataFormat.write(fresh),
      }
      await store.write([{ type: 'put', collection: 'metadata', record }]).catch((error) => {
        platform.log('warn', `The metadata of ${authority} could not be stored: ${error}`)
      })
      return metadata
    })
  }

  async function readDocument(url: string, authority: string): Promise<unknown> {
    try {
      return await fetchJson(url)
    } catch (cause) {
      // These failures are not caused by the document or by `authority`.
      if (isAuthError(cause, 'blocked_by_csp') || isAuthError(cause, 'offline')) throw cause
      const why = cause instanceof Error ? cause.message : String(cause)
      const advice = adviceFor(authority, / 404\b/.test(why))
      throw new AuthError('discovery_failed', `No discovery document at ${url}: ${why}${advice}`, {
        cause,
      })
    }
  }

  return async function metadataOf(authority: string, anew = false): Promise<ProviderMetadata> {
    const { members } = givenFor(authority)
    // A complete document needs no request.
    if (members && isComplete(members)) return parse(members, authority)
    if (anew) return fetchNew(authority)
    const inMemory = known.get(authority)
    if (inMemory && isFresh(inMemory)) return inMemory.metadata
    return singleFlight(authority, async () => {
      const found = inMemory ?? (await stored(authority))
      if (!found) return fetchNew(authority)
      known.set(authority, found)
      if (!isFresh(found))
        fetchNew(authority).catch((error) =>
          platform.log('warn', `The metadata of ${authority} could not be refreshed: ${error}`),
        )
      return found.metadata
    })
  }
}
