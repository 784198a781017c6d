import type { User } from '../model/options.ts'
import { type Html, html } from './html.ts'

export const accountPickerTitle = 'Choose an account'

export function accountPicker(clientId: string, users: readonly User[]): Html {
  return html`
<p class="quiet">to continue to <strong>${clientId}</strong></p>
<form method="post">
<input type="hidden" name="action" value="choose">
${users.map(
  ({ username, name, email }) => html`
<button class="account" name="account" value="${username}"><strong>${name}</strong> <span>${email}</span></button>`,
)}
</form>
<form method="post">
<div class="buttons">
<button name="action" value="another">Use another account</button>
<button name="action" value="cancel">Cancel</button>
</div>
</form>`
}
