import { type ApiScope, apiScopes } from '../accounts/scopes.ts'
import type { User } from '../options.ts'
import { type Html, html } from './html.ts'

export interface ConsentPage {
  readonly clientId: string
  readonly user: User
  /** Each can be declined by itself. */
  readonly scopes: readonly ApiScope[]
  /** Of the identity scopes: granted or denied as a whole. */
  readonly identity: readonly string[]
}

export const consentTitle = 'Allow access?'

export function consentPage({ clientId, user, scopes, identity }: ConsentPage): Html {
  return html`
<p><strong>${clientId}</strong> asks for access to the account of ${user.name} (${user.email}).</p>
${identity.length > 0 && html`<p class="quiet">${sentenceOf(identity)}</p>`}
<form method="post">
${
  scopes.length > 0 &&
  html`<fieldset><legend>It would like to</legend>
${scopes.map(
  (
    scope,
  ) => html`<label class="choice"><input type="checkbox" name="scope" value="${scope}" checked>
${apiScopes[scope]}</label>
`,
)}</fieldset>`
}
<div class="buttons">
<button class="main" name="action" value="allow">Allow</button>
<button name="action" value="deny">Deny</button>
</div>
</form>`
}

function sentenceOf(identity: readonly string[]): string {
  const parts = [
    identity.includes('openid') && 'who you are',
    identity.includes('profile') && 'your name',
    identity.includes('email') && 'your email address',
  ].filter((part) => part !== false)
  const knows = parts.length > 0 ? `It will learn ${listOf(parts)}.` : ''
  const stays = identity.includes('offline_access') ? 'It keeps its access while you are away.' : ''
  return `${knows} ${stays}`.trim()
}

const listOf = (parts: readonly string[]): string => new Intl.ListFormat('en').format(parts)
