import { accountPicker, accountPickerTitle } from '../../pages/account-picker.ts'
import { consentPage, consentTitle } from '../../pages/consent.ts'
import { html } from '../../pages/html.ts'
import { signInPage, signInTitle } from '../../pages/sign-in.ts'
import type { Identity } from '../directory/directory.ts'
import { type Answer, page } from '../http/http.ts'
import { permissionsOf } from '../scopes/permissions.ts'
import type { Entra } from '../state/entra.ts'
import type { Turn } from '../state/turns.ts'
import { isOfDomain, type Step } from './next-step.ts'

interface Details {
  readonly browserId?: string | undefined
  /** The user name from the previous submission of the form. */
  readonly username?: string
  readonly problem?: string
}

export function showStep(
  entra: Entra,
  turn: Turn,
  step: Exclude<Step, { kind: 'answer' }>,
  details: Details = {},
): Answer {
  const settings = entra.state.settings.get()
  switch (step.kind) {
    case 'sign-in':
      return page(settings, signInTitle, signInContent(entra, turn, step, details))
    case 'pick':
      return page(settings, accountPickerTitle, pickerContent(entra, turn, details))
    case 'verify':
      return page(settings, 'Verify that it is you', verifyContent(step.identity))
    case 'admin':
      return page(settings, 'Need admin approval', adminContent(entra, turn, step.identity))
    case 'consent':
      return page(settings, consentTitle, consentContent(entra, turn, step.identity))
  }
}

function signInContent(
  { directory }: Entra,
  { request }: Turn,
  step: Extract<Step, { kind: 'sign-in' }>,
  {
    problem = step.problem && `AADSTS${step.problem.code}: ${step.problem.message}`,
    username,
  }: Details,
) {
  const { client, domainHint, loginHint, tenant } = request
  const hinted = directory.byHint(loginHint ?? '')
  return signInPage({
    clientId: client.clientId,
    users: directory.usersOf(tenant).filter((user) => isOfDomain(user, domainHint)),
    username: username ?? hinted?.email ?? loginHint ?? '',
    ...(problem !== undefined && { problem }),
  })
}

function pickerContent({ sessions, state }: Entra, { request }: Turn, { browserId }: Details) {
  const names = [
    ...sessions.of(browserId).map(({ username }) => username),
    ...state.browsers.accountsOf(browserId),
  ]
  const users = [...new Set(names)].map((name) => state.users.bySub(name))
  const known = users.filter((user) => user !== undefined)
  return accountPicker(request.client.clientId, known)
}

const verifyContent = ({ user }: Identity) => html`
<p>${user.name}, approve this sign-in as if on your phone.</p>
<form method="post">
<div class="buttons">
<button class="main" name="action" value="approve">Approve</button>
<button name="action" value="cancel">Cancel</button>
</div>
</form>`

function consentContent({ state }: Entra, { request }: Turn, identity: Identity) {
  const { client, prompt, scope } = request
  const permissions = permissionsOf(state, identity, client)
  const isAll = prompt === 'consent'
  const asked = isAll ? permissions.requested(scope) : permissions.missing(scope)
  return consentPage({
    clientId: client.clientId,
    user: identity.user,
    scopes: asked.map(({ id, label }) => ({ scope: id, label })),
    isChoice: false,
    identity: isAll ? [...scope.identity] : permissions.missingIdentity(scope),
  })
}

function adminContent({ state }: Entra, { request }: Turn, identity: Identity) {
  const { client, scope } = request
  const missing = permissionsOf(state, identity, client).missing(scope)
  const labels = missing.filter(({ isForAdmins }) => isForAdmins).map(({ label }) => label)
  return html`
<p><strong>${client.clientId}</strong> needs permission that only an administrator of
 ${identity.tenant.name} can grant: ${new Intl.ListFormat('en').format(labels)}.</p>
<form method="post">
<div class="buttons">
<button name="action" value="cancel">Return to the application without granting consent</button>
</div>
</form>`
}
