import { PASSWORD } from '../accounts/users.ts'
import type { User } from '../model/options.ts'
import { type Html, html } from './html.ts'

export interface SignInPage {
  readonly clientId: string
  readonly users: readonly User[]
  /** The user name from the previous submission, or the `login_hint`. */
  readonly username: string
  readonly problem?: string
}

export const signInTitle = 'Sign in'

export function signInPage({ clientId, users, username, problem }: SignInPage): Html {
  const focus = html` autofocus`
  return html`
<p class="quiet">to continue to <strong>${clientId}</strong></p>
${problem !== undefined && html`<p role="alert">${problem}</p>`}
<form method="post">
<label>Username or email
<input name="username" value="${username}" autocomplete="username" autocapitalize="none"
 spellcheck="false" required${!username && focus}></label>
<label>Password
<input name="password" type="password" autocomplete="current-password"
 required aria-describedby="hint"${username !== '' && focus}></label>
<p class="quiet" id="hint">This is a development provider. The password of all users is
 <strong>${PASSWORD}</strong>.</p>
<div class="buttons">
<button class="main" name="action" value="sign-in">Sign in</button>
<button name="action" value="cancel" formnovalidate>Cancel</button>
</div>
</form>
<form method="post" aria-label="Sign in with one click">
<input type="hidden" name="action" value="continue">
${users.map((user) => html`<button name="account" value="${user.username}">Continue as ${user.name}</button>`)}
</form>`
}
