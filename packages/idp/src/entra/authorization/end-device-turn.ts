import { html } from '../../pages/html.ts'
import { type Answer, page } from '../http/http.ts'
import type { Entra } from '../state/entra.ts'
import type { SignInGrant } from '../state/refresh-tokens.ts'
import type { Turn } from '../state/turns.ts'

/** Ends the pages of a device code: the device learns the decision at its next poll, and the user closes the page. */
export function endDeviceTurn(
  { deviceCodes, state, turns }: Entra,
  { id, request, userCode }: Turn & { readonly userCode: string },
  decision: SignInGrant | 'declined',
  headers: Answer['headers'] = {},
): Answer {
  turns.end(id)
  deviceCodes.decide(userCode, decision)
  const { clientId } = request.client
  const content =
    decision === 'declined'
      ? html`<p>You did not sign in to <strong>${clientId}</strong>. You can close this page.</p>`
      : html`<p>You have signed in to <strong>${clientId}</strong> on your device. You can close this page.</p>`
  const title = decision === 'declined' ? 'Sign-in cancelled' : 'Signed in'
  return page(state.settings.get(), title, content, headers)
}
