import { type Html, html } from './html.ts'

export const approvalTitle = 'Approve the sign-in'

/** The second factor: one button. The user may also go on without it, or cancel. */
export function approvalPage(clientId: string, username: string): Html {
  return html`
<p class="quiet"><strong>${clientId}</strong> asks for a second factor of ${username}.</p>
<form method="post">
<input type="hidden" name="account" value="${username}">
<div class="buttons">
<button class="main" name="action" value="approve">Approve</button>
<button name="action" value="continue-weak">Continue without</button>
<button name="action" value="cancel">Cancel</button>
</div>
</form>`
}
