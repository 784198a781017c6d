import type { UserParts, UserSession } from './session.ts'
import type { Happening } from './tally.ts'

/** The two ways in which a user ends a session on purpose. */
export function createEndings({ issuer, tally, requests }: UserParts, session: UserSession) {
  async function signOut(): Promise<void> {
    session.set('unknown')
    const init = { method: 'POST', headers: { accept: 'application/json' } }
    const { url } = await (await requests.send('/logout', init)).json()
    await hasEnded('sign-outs', 'sessions that outlived a sign-out')
    if (url.startsWith(issuer)) await (await requests.visit(url)).text()
  }

  /** The provider tells the BFF before it answers. It waits 2.5 seconds, and repeats no logout token that a killed machine has lost. */
  async function backChannel(): Promise<void> {
    const page = await (await requests.visit(`${issuer}/session/end`)).text()
    const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(page) ?? []
    session.set('unknown')
    const body = new URLSearchParams({ logout: 'yes', xsrf })
    const url = `${issuer}/session/end/confirm`
    await (await requests.visit(url, { method: 'POST', body })).text()
    await hasEnded('back-channel logouts', 'logout tokens lost on the way')
    // The provider has revoked the refresh token: the user ends the rest of the session.
    if (session.state() === 'unknown') await signOut()
  }

  async function hasEnded(ended: Happening, outlived: Happening): Promise<void> {
    const { status } = await requests.send('/me')
    if (status === 401) session.set('none')
    tally.count(status === 401 ? ended : outlived)
  }

  return { signOut, backChannel }
}
