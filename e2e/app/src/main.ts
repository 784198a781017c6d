/** The library for `page.evaluate`, as an app bundles it. It does nothing until a story calls it. */
import * as carnet from '@carnet/browser'
import type { MigrationReport } from '@carnet/browser/migrate-msal'
import type { SeenError } from '../../steps/app-options.ts'

declare global {
  interface Window {
    carnet: typeof carnet
    /** The issuer of the embedded provider. */
    authority: string
    /** The client of the story. */
    auth: carnet.AuthClient
    /** The milliseconds by which the clock of the app is ahead of the machine. */
    aheadMs: number | undefined
    /** The recorded events. */
    heard: { name: string; tab?: string; code?: string; waitMs?: number | undefined }[]
    /** The error with the request that a story passes on. */
    failed: carnet.InteractionRequiredError
    /** The outcome of a call that navigates away: `undefined`, or an error. */
    left: Promise<SeenError | undefined>
    /** The timer of repeated calls. */
    calling: ReturnType<typeof setInterval>
    /** The active timers and listeners, if a story counts them. */
    leftovers: { timers: Set<unknown>; listeners: Map<string, Set<unknown>>; wasRestored: boolean }
    /** Aborts the signal of a request that can be cancelled. */
    cancel(): void
    /** Moves the sessions of an earlier library. Its part loads at the first call. */
    migrate(
      library: 'msal' | 'oidc-client',
      options: carnet.AuthClientOptions,
      settings?: { readonly prefix?: string },
    ): Promise<MigrationReport>
    /** The public fields of an error. */
    seen(error: unknown): SeenError
  }
}

window.carnet = carnet
window.migrate = async (library, options, settings) => {
  if (library === 'msal')
    return (await import('@carnet/browser/migrate-msal')).migrateFromMsal(options)
  const { migrateFromOidcClient } = await import('@carnet/browser/migrate-oidc-client')
  return migrateFromOidcClient(options, settings)
}
window.authority =
  document.querySelector<HTMLMetaElement>('meta[name=carnet-authority]')?.content ?? ''
window.seen = (error) => {
  if (!carnet.isAuthError(error))
    return { name: 'not ours', code: '', hint: '', message: `${error}` }
  const { name, code, message, hint, correlationId, oauth } = error
  const reason = carnet.isInteractionRequired(error) ? error.reason : undefined
  return JSON.parse(JSON.stringify({ name, code, message, hint, correlationId, oauth, reason }))
}

// In the popup or the iframe of a flow, the app receives the response.
const isPartOfFlow =
  /state=carnet-[0-9a-f]+-[pio]/.test(location.href) ||
  window.name === 'carnet-silent' ||
  new URL(location.href).searchParams.has('sid')
if (isPartOfFlow)
  window.carnet.createAuthClient({ clientId: 'spa', authority: window.authority }).then(
    ({ redirectError }) =>
      document.body.append(redirectError ? `${redirectError}` : 'The app started here.'),
    (error) => document.body.append(`${error}`),
  )
