import { AuthError, isAuthError, type LogLevel } from '@carnet/core'
import type { ClientAuthentication } from '@carnet/core/services'
import type { Credential, CredentialRequest } from './credential.ts'

interface TurnDeps {
  readonly credentials: readonly Credential[]
  readonly client: Pick<CredentialRequest, 'clientId' | 'dialect'>
  /** The time by the clock of the provider, as far as it is known. */
  readonly providerNow: () => number
  readonly log: (level: LogLevel, message: string) => void
}

/**
 * After a correction of this size, a refused assertion is worth a second attempt. The clock is corrected by at least 30 s, and the
 * request itself took some time.
 */
const LARGE_CORRECTION_MS = 20_000

/**
 * Sends requests with the credential that worked last. If the provider refuses it, the next credential is tried, so that a
 * credential can be changed without downtime.
 *
 * @returns A function that calls `send` with a client authentication. It throws AuthError `client_authentication_failed` or
 * `credential_unusable` if no credential works.
 */
export function createCredentialsInTurn({ credentials, client, providerNow, log }: TurnDeps) {
  let first = 0

  async function withOne<T>(
    credential: Credential,
    send: (authenticate: ClientAuthentication, credential: Credential) => Promise<T>,
    isSecond = false,
  ): Promise<T> {
    const usedMs = providerNow()
    const correction = () => Math.abs(providerNow() - usedMs)
    try {
      return await send(
        (request) => credential.authenticate({ ...request, ...client, nowMs: providerNow() }),
        credential,
      )
    } catch (error) {
      if (!isRefusal(error)) throw error
      credential.refused?.()
      // The response told the time of the provider: an assertion by the wrong clock was refused.
      const isClock = correction() > LARGE_CORRECTION_MS
      if (!isSecond && (isClock || credential.refused)) return withOne(credential, send, true)
      throw new AuthError(
        'client_authentication_failed',
        `The provider refused the credential of the kind "${credential.kind}".`,
        { cause: error, oauth: error.oauth },
      )
    }
  }

  return async function inTurn<T>(
    send: (authenticate: ClientAuthentication, credential: Credential) => Promise<T>,
  ): Promise<T> {
    let failure: unknown
    for (let turn = 0; turn < credentials.length; turn += 1) {
      const index = (first + turn) % credentials.length
      const credential = credentials[index]
      if (!credential) continue
      try {
        const result = await withOne(credential, send)
        first = index
        return result
      } catch (error) {
        const isOfCredential =
          isAuthError(error, 'client_authentication_failed') ||
          isAuthError(error, 'credential_unusable')
        if (!isOfCredential) throw error
        log('warn', `A credential of the kind "${credential.kind}" failed: ${error.code}.`)
        failure ??= error
      }
    }
    throw failure
  }
}

const isRefusal = (error: unknown): error is AuthError =>
  error instanceof AuthError &&
  error.oauth?.error === 'invalid_client' &&
  error.code !== 'server_error'
