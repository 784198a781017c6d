import type {
  Account,
  AcquireTokenRequest,
  AuthClient,
  AuthenticationResult,
  InteractiveRequest,
} from '@carnet/browser'
import type { InteractionChoice } from './interaction-choice.ts'

export type Asking = ReturnType<typeof createAsking>

/**
 * The calls that may need the user, with the chosen interaction. Call them in a click handler before any
 * `await`, because browsers allow popups only there. A redirect leaves the page, so its promise never resolves.
 */
export function createAsking(auth: AuthClient, { current }: InteractionChoice) {
  return {
    signIn: (request: InteractiveRequest = {}): Promise<AuthenticationResult> =>
      auth.signIn({ ...request, interaction: current() }),
    /** Acquires a token silently if possible, otherwise with interaction. Most apps should do the same. */
    acquire: (request: AcquireTokenRequest): Promise<AuthenticationResult> =>
      auth.acquireToken({ ...request, interaction: current() }),
    /** Acquires a token with interaction, without a silent attempt. */
    insist: (request: InteractiveRequest): Promise<AuthenticationResult> =>
      current() === 'popup' ? auth.acquireTokenPopup(request) : auth.acquireTokenRedirect(request),
    signOut: (account: Account | null): Promise<void> =>
      auth.signOut({ interaction: current(), account: account ?? undefined }),
  }
}
