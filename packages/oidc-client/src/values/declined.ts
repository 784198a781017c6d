import type * as Original from 'oidc-client-ts'
import { Logger } from './log.ts'

/** The error for a part of `oidc-client-ts` that the package declines. */
export const declined = (name: string, reason = 'see its README.'): Error =>
  new Error(`\`${name}\` is not supported by @carnet/oidc-client: ${reason}`)

type Checked =
  | 'client_secret'
  | 'response_type'
  | 'disablePKCE'
  | 'dpop'
  | 'resource'
  | 'monitorSession'

/**
 * Refuses settings that change the protocol in a way that Carnet declines, and warns of settings without an effect.
 *
 * @throws Error with the name of the setting.
 */
export function checkSettings({
  client_secret,
  response_type = 'code',
  disablePKCE,
  dpop,
  resource,
  monitorSession,
}: { [Name in Checked]?: Original.UserManagerSettings[Name] | undefined }): void {
  if (client_secret !== undefined) throw declined('client_secret', 'a page cannot keep a secret.')
  if (response_type !== 'code') throw declined('response_type', 'only `code` is safe.')
  if (disablePKCE) throw declined('disablePKCE', 'a code without PKCE can be stolen.')
  if (dpop) throw declined('dpop', 'use `@carnet/browser` with its option `dpop`.')
  if (Array.isArray(resource) && resource.length > 1)
    throw declined('resource', 'a request has one resource.')
  if (monitorSession) Logger.warn('UserManager', '`monitorSession` has no effect.')
}
