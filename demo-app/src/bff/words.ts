import type { Notice } from '../ui/notice.ts'
import { BackendError } from './backend-error.ts'

type Words = readonly [message: string, advice: string]

const TRY_AGAIN = 'Nothing has changed. Try again in a moment.'

/** The texts for outcomes that the user can end by a sign-in, or by waiting. */
const EXPECTED: Readonly<Record<string, Words>> = {
  no_session: [
    'Your session has ended.',
    'A session ends after some time without use, and after a sign-out in another tab or at the provider. Sign in again and continue here.',
  ],
  interaction_required: [
    'The provider must ask you first.',
    'Go to the page of the provider. It leads you back here.',
  ],
  access_denied: ['You or the provider declined the sign-in.', 'You can sign in at any time.'],
  transaction_not_found: [
    'This sign-in is over.',
    'A sign-in works once, and in the browser that began it. Sign in again.',
  ],
  transaction_expired: ['The sign-in took too long.', 'Sign in again.'],
  offline: ['The server of the app could not be reached.', 'Check your connection, and try again.'],
}

const FAILED: Readonly<Record<string, Words>> = {
  api_unreachable: ['The API did not answer.', TRY_AGAIN],
  network_error: ['The server could not reach the provider.', TRY_AGAIN],
  timeout: ['The provider did not answer in time.', TRY_AGAIN],
  server_error: ['The provider has a fault.', TRY_AGAIN],
  store_unavailable: ['The server cannot read its sessions now.', TRY_AGAIN],
  cross_site: [
    'The server refused the call.',
    'It answers only pages of its own origin. Open the app at its own address.',
  ],
}

/** Says in plain words why a call or a sign-in failed. */
export function wordsOf(code: string): Notice {
  const isExpected = code in EXPECTED
  const [message, advice] = EXPECTED[code] ?? FAILED[code] ?? ['The call failed.', TRY_AGAIN]
  return { message, advice, code, isExpected }
}

/** The words for any error of a call. */
export const wordsOfError = (error: unknown): Notice =>
  wordsOf(error instanceof BackendError ? error.code : 'unknown')
