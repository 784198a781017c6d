/**
 * Passes the response in a URL to the page that waits for it, and closes a popup. It needs no client: a callback page may have no
 * settings.
 *
 * @param url Default: the URL of the page.
 */
export async function deliverResponse(url?: string): Promise<void> {
  const { passResponse } = await import('@carnet/browser/redirect-page')
  await passResponse(url)
}
