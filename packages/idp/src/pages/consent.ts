import type { User } from '../model/options.ts'
import { type Html, html } from './html.ts'

export interface ConsentPage {
  readonly clientId: string
  readonly user: User
  readonly scopes: readonly { readonly scope: string; readonly label: string }[]
  /** True if the user can decline single scopes. */
  readonly isChoice: boolean
  /** The requested identity scopes. The user grants or denies them as a whole. */
  readonly identity: readonly string[]
}

export const consentTitle = 'Allow access?'

export function consentPage({ clientId, user, scopes, isChoice, identity }: ConsentPage): Html {
  return html`
<p><strong>${clientId}</strong> asks for access to the account of ${user.name} (${user.email}).</p>
${identity.length > 0 && html`<p class="quiet">${sentenceOf(identity)}</p>`}
<form method="post">
${
  scopes.length > 0 &&
  html`<fieldset><legend>It would like to</legend>
${isChoice ? scopes.map(choice) : html`<ul>${scopes.map(({ label }) => html`<li>${label}</li>`)}</ul>`}</fieldset>`
}
<div class="buttons">
<button class="main" name="action" value="allow">Allow</button>
<button name="action" value="deny">Deny</button>
</div>
</form>`
}

const choice = ({ scope, label }: ConsentPage['scopes'][number]): Html => html`
<label class="choice"><input type="checkbox" name="scope" value="${scope}" checked>
${label}</label>`

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
