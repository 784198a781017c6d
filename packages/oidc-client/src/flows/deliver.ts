/**
 * Passes the response in the URL of this page to the page that waits for it, and closes a popup. The script of a bare redirect
 * page does the same, and runs once.
 */
export async function deliverResponse(): Promise<void> {
  await import('@carnet/browser/callback')
}
