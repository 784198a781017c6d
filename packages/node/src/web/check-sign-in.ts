import { AuthError } from '@carnet/core'
import type { SignInRequest } from '../api/web-app.ts'

const invalid = (message: string) => new AuthError('invalid_request', message)

/** Checks the response mode of a sign-in. @throws AuthError `invalid_request` */
export function checkResponseMode({ redirectUri, responseMode }: SignInRequest): void {
  if (responseMode !== undefined && responseMode !== 'query' && responseMode !== 'form_post')
    throw invalid('`responseMode` must be "query" or "form_post".')
  if (responseMode === 'form_post' && !redirectUri.startsWith('https:'))
    throw invalid('`form_post` needs https: browsers send a `SameSite=None` cookie only there.')
}

/**
 * The path of a URL of the app, with query and fragment.
 *
 * @throws AuthError `invalid_request` for a URL of another origin than that of `redirectUri`.
 */
export function localPath(url: unknown, redirectUri: string): string {
  const { origin } = new URL(redirectUri)
  const parsed = typeof url === 'string' ? parse(url, redirectUri) : undefined
  if (parsed?.origin !== origin)
    throw invalid('`returnTo` must be a path, or a URL of the origin of `redirectUri`.')
  // Two slashes at the beginning of a path would name another host.
  return `${parsed.pathname.replace(/^\/{2,}/, '/')}${parsed.search}${parsed.hash}`
}

function parse(url: string, base: string): URL | undefined {
  try {
    return new URL(url, base)
  } catch {
    return undefined
  }
}
