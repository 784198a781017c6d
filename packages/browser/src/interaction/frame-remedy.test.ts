import { AuthError, type InteractionReason, InteractionRequiredError } from '@carnet/core'
import { describe, expect, test } from 'vitest'
import { afterFrame } from './frame-remedy.ts'

const refusalFor = (reason: InteractionReason) =>
  new InteractionRequiredError(
    reason,
    'The refresh token was refused.',
    { scopes: ['read'], loginHint: 'alice' },
    { oauth: { error: 'invalid_grant' }, correlationId: 'c-1' },
  )

describe('what is told after a hidden frame that did not help', () => {
  test.each(['authorization_failed', 'access_denied'] as const)(
    'is the refusal where the frame was answered with %s: the user may still be asked',
    (code) => {
      const answer = new AuthError(code, 'It does not know of silence.')
      const refusal = refusalFor('login')
      const told = afterFrame(refusal, answer)
      expect(told).toBeInstanceOf(InteractionRequiredError)
      expect(told).toMatchObject({
        reason: 'login',
        message: refusal.message,
        request: refusal.request,
        oauth: { error: 'invalid_grant' },
        correlationId: 'c-1',
      })
      expect(told?.cause).toBe(answer)
    },
  )

  test.each(['consent', 'refresh_token_expired'] as const)(
    'is the refusal for the reason %s, whatever the frame says',
    (reason) => {
      const refusal = refusalFor(reason)
      expect(afterFrame(refusal, new AuthError('timeout', 'No answer.'))).toBe(refusal)
    },
  )

  test.each(['timeout', 'iframe_refused', 'invalid_id_token', 'interaction_required'] as const)(
    'is what the frame says where that is %s',
    (code) => {
      expect(afterFrame(refusalFor('login'), new AuthError(code, 'No.'))).toBeUndefined()
    },
  )
})
