/** The library for `page.evaluate`, as an app bundles it. Nothing happens until a story asks. */
import * as carnet from '@carnet/browser'
import type { SeenError } from '../../steps/app.ts'

declare global {
  interface Window {
    carnet: typeof carnet
    /** The issuer of the embedded provider. */
    authority: string
    /** The client that a story works with. */
    auth: carnet.AuthClient
    /** By how much the app's clock is ahead of the machine's, in milliseconds. */
    aheadMs: number | undefined
    /** What a story has heard of. */
    heard: { name: string; tab?: string; code?: string; waitMs?: number | undefined }[]
    /** The error whose request a story passes on. */
    failed: carnet.InteractionRequiredError
    /** What came of a call that was to leave the page: nothing, or an error. */
    left: Promise<SeenError | undefined>
    /** The timer of a caller who asks again and again. */
    calling: ReturnType<typeof setInterval>
    /** What lives in the page, where a story counts that. */
    leftovers: { timers: Set<unknown>; listeners: Map<string, Set<unknown>>; wasRestored: boolean }
    /** Aborts the signal of a request that can be cancelled. */
    cancel(): void
    /** An error in the words that an app sees. */
    seen(error: unknown): SeenError
  }
}

window.carnet = carnet
window.authority =
  document.querySelector<HTMLMetaElement>('meta[name=carnet-authority]')?.content ?? ''
window.seen = (error) => {
  if (!carnet.isAuthError(error))
    return { name: 'not ours', code: '', hint: '', message: `${error}` }
  const { name, code, message, hint, correlationId, oauth } = error
  const reason = carnet.isInteractionRequired(error) ? error.reason : undefined
  return JSON.parse(JSON.stringify({ name, code, message, hint, correlationId, oauth, reason }))
}

// In the window or the frame of a flow, the app is what receives the response.
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
