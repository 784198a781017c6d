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
 * The calls that may need the user, in the way that the user chose. Make them in the click, before
 * anything is awaited: that is when a browser lets a window open. By redirect they never resolve.
 */
export function createAsking(auth: AuthClient, { current }: InteractionChoice) {
  return {
    signIn: (request: InteractiveRequest = {}): Promise<AuthenticationResult> =>
      auth.signIn({ ...request, interaction: current() }),
    /** The pattern for apps: silently where possible, else by way of the provider. */
    acquire: (request: AcquireTokenRequest): Promise<AuthenticationResult> =>
      auth.acquireToken({ ...request, interaction: current() }),
    /** By way of the provider, without trying silence first. */
    insist: (request: InteractiveRequest): Promise<AuthenticationResult> =>
      current() === 'popup' ? auth.acquireTokenPopup(request) : auth.acquireTokenRedirect(request),
    signOut: (account: Account | null): Promise<void> =>
      auth.signOut({ interaction: current(), account: account ?? undefined }),
  }
}
