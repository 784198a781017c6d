import type { Configuration } from '@azure/msal-browser'

/** The configuration of a page. The query of its first load names the authority, and the tab remembers it. */
export function configurationOf(page: string): Configuration {
  const url = new URL(location.href)
  const given = url.searchParams.get('authority')
  if (given) {
    sessionStorage.setItem('authority', given)
    url.searchParams.delete('authority')
    history.replaceState(null, '', url)
  }
  const authority = sessionStorage.getItem('authority') ?? ''
  const here = new URL(page, location.href).href
  return {
    auth: {
      clientId: 'spa',
      authority,
      knownAuthorities: [new URL(authority).host],
      redirectUri: new URL('redirect.html', here).href,
      postLogoutRedirectUri: here,
    },
    cache: { cacheLocation: 'localStorage' },
  }
}
