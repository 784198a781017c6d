import { showSignedOut, showSignOutQuestion } from '../pages/show.ts'
import type { MemoryStore } from '../state/memory-store.ts'
import type { State } from '../state/state.ts'
import type { OidcContext } from '../vendor/oidc-provider.ts'
import { crossSite } from './cookies.ts'

/** The pages and effects of RP-Initiated Logout 1.0. */
export function createLogout({
  settings,
  store,
  users,
}: Pick<State, 'settings' | 'store' | 'users'>) {
  return {
    enabled: true,
    /** Called at the end-session endpoint if there is a session. `form` is the confirmation form. */
    async logoutSource(context: OidcContext, form: string): Promise<void> {
      if (isHintOfSession(context)) return signOut(context, store)
      const { accountId } = context.oidc.session ?? {}
      showSignOutQuestion(context, settings.get(), {
        user: users.bySub(accountId),
        clientId: context.oidc.client?.clientId,
        form,
      })
    },
    postLogoutSuccessSource(context: OidcContext): void {
      showSignedOut(context, settings.get())
    },
  }
}

/**
 * Revokes the tokens of a session at sign-out, except with `offline_access` (RP-Initiated Logout 1.0 §2).
 * A session that expires does not revoke tokens.
 */
export function revokeTokensOf(sessionUid: string, store: MemoryStore): void {
  for (const model of ['RefreshToken', 'AuthorizationCode', 'AccessToken']) {
    store.remove(
      model,
      (token) =>
        token.sessionUid === sessionUid && !token.scope?.split(' ').includes('offline_access'),
    )
  }
}

/** True if `id_token_hint` names the user of the session. No confirmation is then needed. */
function isHintOfSession({ oidc }: OidcContext): boolean {
  const hint = oidc.entities.IdTokenHint?.payload
  return hint !== undefined && hint.sub === oidc.session?.accountId
}

async function signOut(context: OidcContext, store: MemoryStore): Promise<void> {
  const { params, provider, session } = context.oidc
  if (session) {
    await tellClients(context)
    revokeTokensOf(session.uid, store)
    await session.destroy()
  }
  context.cookies.set(provider.cookieName('session'), null, crossSite)
  const target = new URL(
    (params?.post_logout_redirect_uri as string | undefined) ??
      context.oidc.urlFor('end_session_success'),
  )
  if (params?.post_logout_redirect_uri && params.state !== undefined) {
    target.searchParams.set('state', String(params.state))
  }
  context.status = 303
  context.redirect(target.href)
}

/** A method of the clients of oidc-provider that its types do not name. */
interface LogoutClient {
  backchannelLogout(sub: string, sid: string | undefined): Promise<void>
}

/** Sends a logout token to each client of the session (OpenID Connect Back-Channel Logout 1.0 §2.5). */
async function tellClients({ oidc: { provider, session } }: OidcContext): Promise<void> {
  for (const [clientId, { sid }] of Object.entries(session?.authorizations ?? {})) {
    const client = await provider.Client.find(clientId)
    if (client?.backchannelLogoutUri === undefined) continue
    // A client that does not answer must not stop the sign-out.
    await (client as unknown as LogoutClient)
      .backchannelLogout(session?.accountId ?? '', sid)
      .catch(() => undefined)
  }
}
