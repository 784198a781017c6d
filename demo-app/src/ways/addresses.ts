const read = (name: string): string =>
  document.querySelector<HTMLMetaElement>(`meta[name="carnet-${name}"]`)?.content ?? ''

/** The issuer from the meta tag of the page. */
export const readAuthority = (): string => read('authority').replace(/\/$/, '')

/** The origins of the two pages; empty if only one of them is served. */
export const readOrigins = () => ({
  browser: read('browser-origin'),
  server: read('server-origin'),
})
