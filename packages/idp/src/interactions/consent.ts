import {
  type ApiScope,
  apiScopes,
  identityScopes,
  isApiScope,
  resourcesOf,
} from '../accounts/scopes.ts'
import { consentPage, consentTitle } from '../pages/consent.ts'
import { showPage } from '../pages/show.ts'
import type { Turn } from './turn.ts'

/** Asks the user for the scopes without consent, or for all scopes with prompt=consent. */
export async function consent(turn: Turn): Promise<void> {
  const { context, finish, form, interaction, state } = turn
  const user = state.users.bySub(interaction.session?.accountId)
  const clientId = String(interaction.params.client_id)
  const action = form?.get('action')
  if (!user || action === 'deny') {
    return finish({ error: 'access_denied', error_description: 'the user denied access' })
  }

  const { identity, scopes } = askedOf(turn, user.username, clientId)
  if (action === 'allow') {
    const checked = new Set(form?.getAll('scope'))
    state.consents.record(user.username, clientId, {
      granted: new Set([...identity, ...scopes.filter((scope) => checked.has(scope))]),
      declined: new Set(scopes.filter((scope) => !checked.has(scope))),
    })
    return finish({ consent: {} })
  }
  const page = consentPage({
    clientId,
    user,
    scopes: scopes.map((scope) => ({ scope, label: apiScopes[scope] })),
    isChoice: true,
    identity,
  })
  showPage(context, state.settings.get(), consentTitle, page)
}

function askedOf({ interaction, issuer, state }: Turn, sub: string, clientId: string) {
  const { prompt, resource, scope } = interaction.params
  const { granted } = state.consents.of(sub, clientId)
  const available = scopesOf(resource, issuer)
  const isNew = (name: string) => String(prompt).includes('consent') || !granted.has(name)
  const requested = [...new Set(String(scope ?? '').split(' '))].filter(isNew)
  return {
    identity: requested.filter((name) => (identityScopes as readonly string[]).includes(name)),
    scopes: requested.filter(
      (name): name is ApiScope => isApiScope(name) && available.includes(name),
    ),
  }
}

/** @param resource The parameter of RFC 8707: one value, several values, or the default. */
function scopesOf(resource: unknown, issuer: string): readonly string[] {
  const resources = resourcesOf(issuer)
  return [resource].flat().flatMap((one) => resources.get(String(one)) ?? [])
}
