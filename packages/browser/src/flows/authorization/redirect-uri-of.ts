import type { InteractiveRequest } from '../../api/requests.ts'
import type { Context } from '../../context/context.ts'
import type { ResponseKind } from '../../startup/response.ts'
import { KINDS } from './kinds.ts'

/** The redirect URI of the request, else of its kind of interaction. */
export function redirectUriOf(
  { redirectUri }: Pick<InteractiveRequest, 'redirectUri'>,
  kind: ResponseKind,
  { config, page }: Pick<Context, 'config' | 'page'>,
): string {
  const { isSilent, waits } = KINDS[kind]
  const ofWindow = waits ? config.interaction.popupRedirectUri : undefined
  const ofKind = isSilent ? config.silent.redirectUri : ofWindow
  return new URL(redirectUri ?? ofKind ?? config.redirectUri, page.origin).href
}
