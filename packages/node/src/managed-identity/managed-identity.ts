import { setTimeout as sleep } from 'node:timers/promises'
import { AuthError, stopWaitingOn } from '@carnet/core'
import { createHttp, type Http } from '@carnet/core/services'
import type { Credential } from '../credentials/credential.ts'
import { federated } from '../credentials/federated.ts'
import { createProviderClock } from '../credentials/provider-clock.ts'
import { type ManagedIdentityOptions, sourceOf } from './sources.ts'

/** A token of the identity of a machine. */
export interface MachineToken {
  readonly accessToken: string
  readonly expiresOn: Date
}

/** The identity that Azure gives to a virtual machine or to an app of App Service. */
export interface ManagedIdentity extends Credential {
  /**
   * Gets a token for the machine itself, from memory until five minutes before its end.
   *
   * @throws AuthError `credential_unusable` if the machine has no identity, or its endpoint gives no token; `aborted`.
   */
  acquireToken(request: MachineTokenRequest): Promise<MachineToken>
}

/** A request for a token of the machine. */
export interface MachineTokenRequest {
  /** The API, without `/.default`: `https://vault.azure.net`. */
  readonly resource: string
  /** Ends the waiting of this caller. The request itself continues. */
  readonly signal?: AbortSignal | undefined
}

/** The audience of assertions of managed identities (federated identity credentials). */
const EXCHANGE = 'api://AzureADTokenExchange'
const RESERVE_MS = 5 * 60_000
/** A machine without the endpoint does not answer at all. */
const PROBE_MS = 1000

interface Held {
  readonly token: Promise<MachineToken>
  endMs: number
}

/**
 * Creates the identity of this machine. As a credential of a confidential client it replaces a secret: the app registration must
 * trust the identity (a federated identity credential). No secret is on the machine.
 *
 * @throws AuthError `invalid_options` for more than one id.
 */
export function managedIdentity(options: ManagedIdentityOptions = {}): ManagedIdentity {
  const source = sourceOf(options)
  const { clock = Date, fetch: given, retryMs = 800, requestTimeoutMs = 10_000 } = options
  const azure = createProviderClock(() => clock.now())
  // Looked up at each request: tests and instrumentation replace the global function.
  const send: typeof fetch = (input, init) => (given ?? globalThis.fetch)(input, init)
  const tokens = new Map<string, Held>()
  let isFound = false

  async function ask(resource: string): Promise<MachineToken> {
    for (let attempt = 1; ; attempt += 1) {
      const isFirst = !isFound && source.isProbed
      const http: Http = createHttp({
        fetch: send,
        timeoutMs: isFirst ? PROBE_MS : requestTimeoutMs,
      })
      let pause: number | undefined
      try {
        const { status, body, headers } = await http(source.urlFor(resource), {
          headers: source.headers(),
          redirect: 'manual',
        })
        isFound = true
        azure.note(headers)
        // A token of Azure ends by the clock of Azure, which may differ from the clock of this machine.
        if (status === 200) return readToken(body, azure.now() - clock.now())
        pause = source.passes(status) ? pauseMs(status, attempt, retryMs) : undefined
        if (pause === undefined) throw refusedBy(status)
      } catch (error) {
        pause = isFirst ? undefined : pauseMs(0, attempt, retryMs)
        const isLast = pause === undefined
        if (!(error instanceof AuthError) || !error.isTransient || isLast) throw unusable(error)
      }
      await sleep(pause)
    }
  }

  async function tokenFor(resource: string): Promise<MachineToken> {
    const held = tokens.get(resource)
    if (held && held.endMs - RESERVE_MS > clock.now()) return held.token
    // Callers share the request. Its end is known with its answer.
    const token = ask(resource)
    const own: Held = { token, endMs: Number.POSITIVE_INFINITY }
    tokens.set(resource, own)
    try {
      own.endMs = (await token).expiresOn.getTime()
    } catch (error) {
      if (tokens.get(resource) === own) tokens.delete(resource)
      throw error
    }
    return token
  }

  const acquireToken: ManagedIdentity['acquireToken'] = ({ resource, signal }) =>
    stopWaitingOn(signal, tokenFor(resource))

  const proof = federated({
    assertion: async () => (await tokenFor(EXCHANGE)).accessToken,
  })
  return {
    ...proof,
    kind: 'managed-identity',
    refused() {
      tokens.delete(EXCHANGE)
      proof.refused?.()
    },
    acquireToken,
  }
}

/**
 * The pause before the next attempt, in milliseconds; `undefined` after the last one. The service is updated while it says 410,
 * which takes 70 seconds at most. All other failures pass within seconds, or not at all.
 */
function pauseMs(status: number, attempt: number, retryMs: number): number | undefined {
  if (status === 410) return attempt < 8 ? 12.5 * retryMs : undefined
  return attempt < 4 ? retryMs * 2 ** (attempt - 1) : undefined
}

/** @param aheadMs How far the clock of Azure is ahead of the clock of this machine, in milliseconds. */
function readToken(body: string, aheadMs: number): MachineToken {
  const fields = parse(body)
  const { access_token: accessToken, expires_on: endsAt } = fields
  const seconds = Number(endsAt)
  // Old versions of App Service send a date.
  const endMs = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(String(endsAt))
  if (typeof accessToken !== 'string' || accessToken === '' || !(endMs > 0))
    throw new AuthError('credential_unusable', 'The answer of the managed identity has no token.')
  return { accessToken, expiresOn: new Date(endMs - aheadMs) }
}

function parse(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

const refusedBy = (status: number) =>
  new AuthError(
    'credential_unusable',
    `The endpoint of the managed identity answered with status ${status}.`,
  )

const unusable = (error: unknown): unknown =>
  error instanceof AuthError && error.isTransient
    ? new AuthError(
        'credential_unusable',
        'The endpoint of the managed identity does not answer: this machine may have no identity.',
        { cause: error },
      )
    : error
