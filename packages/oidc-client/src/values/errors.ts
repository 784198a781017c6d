import type * as Original from 'oidc-client-ts'
import { Logger } from './log.ts'

/** The error response of a provider (OpenID Connect Core section 3.1.2.6). */
class ProviderError extends Error {
  override readonly name = 'ErrorResponse'
  readonly error: string
  readonly error_description: string | null
  readonly error_uri: string | null
  state?: unknown
  readonly session_state: string | null
  url_state?: string | undefined
  readonly form: URLSearchParams | undefined

  constructor(
    args: ConstructorParameters<typeof Original.ErrorResponse>[0],
    form?: URLSearchParams,
  ) {
    super(args.error_description || args.error || '')
    if (!args.error) {
      Logger.error('ErrorResponse', 'No error passed')
      throw new Error('No error passed')
    }
    this.form = form
    this.error = args.error
    this.error_description = args.error_description ?? null
    this.error_uri = args.error_uri ?? null
    this.state = args.userState
    this.session_state = args.session_state ?? null
    this.url_state = args.url_state
  }
}

class TimeoutError extends Error {
  override readonly name = 'ErrorTimeout'
}

export const ErrorResponse = ProviderError as unknown as typeof Original.ErrorResponse
export type ErrorResponse = Original.ErrorResponse
/** A hidden iframe gave no answer. */
export const ErrorTimeout = TimeoutError as unknown as typeof Original.ErrorTimeout
export type ErrorTimeout = Original.ErrorTimeout
