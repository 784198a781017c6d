import { BadInput, isText } from '../model/bad-input.ts'
import { isJsonObject } from '../model/json.ts'
import type { Client } from '../model/options.ts'
import { problemsOfCredentials } from './client-credentials.ts'

export interface Clients {
  /** Adds a client, or replaces the client with the same id. */
  add(client: Client): void
  find(clientId: string): Client | undefined
  /** True if a client has a redirect URI of this origin. Scripts of the origin may then read responses. */
  isOriginOfClient(origin: string | undefined): boolean
  /** True if a client has registered the URI for the redirect after a sign-out. */
  isPostLogoutRedirectUri(uri: string): boolean
}

export function createClients(initial: readonly Client[]): Clients {
  const byId = new Map<string, Client>()
  const add = (client: Client) => void byId.set(client.clientId, parseClient(client))
  initial.forEach(add)
  return {
    add,
    find: (clientId) => byId.get(clientId),
    isOriginOfClient: (origin) =>
      origin !== undefined && [...byId.values()].some((client) => originsOf(client).has(origin)),
    isPostLogoutRedirectUri: (uri) =>
      [...byId.values()].some((client) => client.postLogoutRedirectUris?.includes(uri)),
  }
}

export const originsOf = ({ redirectUris }: Pick<Client, 'redirectUris'>): Set<string> =>
  new Set(redirectUris.map((uri) => new URL(uri).origin))

/** Parses a client. @throws {BadInput} The message names every wrong field. */
export function parseClient(input: unknown): Client {
  const {
    clientId,
    credentials,
    isNative,
    redirectUris = credentials === undefined && isNative !== true ? undefined : [],
    postLogoutRedirectUris = redirectUris,
    frontchannelLogoutUri,
    backchannelLogoutUri,
    apiPermissions,
    oidcScopes,
  } = isJsonObject(input) ? (input as Record<string, unknown>) : {}
  const isUris = (value: unknown): value is string[] =>
    Array.isArray(value) &&
    (value.length > 0 || credentials !== undefined || isNative === true) &&
    value.every(isRedirectUri)
  const problems = [
    isText(clientId) && clientId !== '' ? [] : ['clientId: must be a text'],
    problemsOfCredentials(credentials),
    isUris(redirectUris) ? [] : ['redirectUris: must be a list of absolute http(s) URLs'],
    isUris(postLogoutRedirectUris)
      ? []
      : ['postLogoutRedirectUris: must be a list of absolute http(s) URLs'],
    frontchannelLogoutUri === undefined || isRedirectUri(frontchannelLogoutUri)
      ? []
      : ['frontchannelLogoutUri: must be an absolute http(s) URL'],
    backchannelLogoutUri === undefined || isRedirectUri(backchannelLogoutUri)
      ? []
      : ['backchannelLogoutUri: must be an absolute http(s) URL'],
    apiPermissions === undefined || (Array.isArray(apiPermissions) && apiPermissions.every(isText))
      ? []
      : ['apiPermissions: must be a list of scopes'],
    oidcScopes === undefined || (Array.isArray(oidcScopes) && oidcScopes.every(isText))
      ? []
      : ['oidcScopes: must be a list of scopes'],
    isNative === undefined || typeof isNative === 'boolean'
      ? []
      : ['isNative: must be true or false'],
  ].flat()
  if (problems.length > 0) throw new BadInput(problems)
  return {
    clientId,
    redirectUris,
    postLogoutRedirectUris,
    ...(credentials !== undefined && { credentials }),
    ...(frontchannelLogoutUri !== undefined && { frontchannelLogoutUri }),
    ...(isNative !== undefined && { isNative }),
    ...(backchannelLogoutUri !== undefined && { backchannelLogoutUri }),
    ...(apiPermissions !== undefined && { apiPermissions }),
    ...(oidcScopes !== undefined && { oidcScopes }),
  } as Client
}

const isRedirectUri = (value: unknown): boolean =>
  isText(value) && /^https?:\/\//.test(value) && URL.canParse(value) && !value.includes('#')
