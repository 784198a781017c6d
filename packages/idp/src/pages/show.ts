import type { User } from '../model/options.ts'
import type { Settings } from '../model/settings.ts'
import type { Context, OidcContext } from '../vendor/oidc-provider.ts'
import { type Html, html, trusted } from './html.ts'
import { contentSecurityPolicy, layout } from './layout.ts'

export type PageSettings = Pick<Settings, 'crossOriginOpenerPolicy' | 'frameOptions'>

export function pageHeaders({ crossOriginOpenerPolicy, frameOptions }: PageSettings) {
  return {
    'Cache-Control': 'no-store',
    'Content-Security-Policy': contentSecurityPolicy,
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    ...(frameOptions !== null && { 'X-Frame-Options': frameOptions }),
    ...(crossOriginOpenerPolicy !== null && {
      'Cross-Origin-Opener-Policy': crossOriginOpenerPolicy,
    }),
  }
}

/** Sends a page with the common headers of all pages. */
export function showPage(
  context: Pick<Context | OidcContext, 'set' | 'body' | 'type'>,
  settings: PageSettings,
  title: string,
  content: Html,
): void {
  context.set(pageHeaders(settings))
  context.type = 'html'
  context.body = layout(title, content)
}

/** The page for errors that cannot be sent to the client, because the client or its redirect URI is unknown. */
export function showAuthorizationError(
  context: OidcContext,
  settings: PageSettings,
  error: string,
  description: string | undefined,
): void {
  const content = html`<p role="alert"><code>${error}</code>${description && `: ${description}`}</p>
<p class="quiet">The error cannot be sent to the app. Go back to the app and try again.</p>`
  showPage(context, settings, 'This did not work', content)
}

export function showSignOutQuestion(
  context: OidcContext,
  settings: PageSettings,
  { user, clientId, form }: { user: User | undefined; clientId: string | undefined; form: string },
): void {
  const content = html`
<p>${clientId ?? 'An app'} asks to sign ${user?.name ?? 'you'} out here, which ends the session
 for all apps in this browser.</p>
${trusted(form)}
<div class="buttons">
<button class="main" form="op.logoutForm" name="logout" value="yes">Sign out</button>
<button form="op.logoutForm">Stay signed in</button>
</div>`
  showPage(context, settings, 'Sign out?', content)
}

export function showSignedOut(context: OidcContext, settings: PageSettings): void {
  showPage(context, settings, 'You are signed out', html`<p>You can close this page.</p>`)
}
