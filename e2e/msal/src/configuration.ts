import type { Configuration } from '@azure/msal-browser'

/** The configuration of a page. The query of its first load names the provider, and the tab remembers it. */
export function configurationOf(page: string): Configuration {
  const url = new URL(location.href)
  for (const name of ['authority', 'graph']) {
    const given = url.searchParams.get(name)
    if (!given) continue
    sessionStorage.setItem(name, given)
    url.searchParams.delete(name)
    history.replaceState(null, '', url)
  }
  const authority = sessionStorage.getItem('authority') ?? ''
  const here = new URL(page, location.href).href
  return {
    auth: {
      clientId: 'spa',
      authority,
      knownAuthorities: [new URL(authority).host],
      redirectUri: new URL(`/${location.pathname.split('/')[1]}/redirect.html`, here).href,
      postLogoutRedirectUri: here,
    },
    cache: { cacheLocation: 'localStorage' },
  }
}
