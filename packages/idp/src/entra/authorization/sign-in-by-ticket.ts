import { askForTicket, userOfTicket } from '../federation/negotiate.ts'
import { type Answer, type Call, errorPage, redirect } from '../http/http.ts'
import { policyChallenge } from '../requests/factors.ts'
import type { Entra } from '../state/entra.ts'
import type { Federation } from '../state/federation.ts'
import type { Turn } from '../state/turns.ts'
import { grantCode, refuse, stepOf } from './authorize.ts'
import { browserCookieOf, setBrowserCookie } from './browser-cookie.ts'
import { silentRefusal } from './next-step.ts'

/**
 * `/adfs/ls/{id}`: the page of the federation server in an authorization request. The browser sends the Kerberos token of its user
 * without a prompt, if its policy allows it for this server. A browser without a token goes on to the page with the password.
 */
export async function signInByTicket(
  entra: Entra,
  federation: Federation,
  call: Call,
  id: string,
): Promise<Answer> {
  const turn = entra.turns.find(id)
  if (!turn) return errorPage(entra.state.settings.get(), 'This sign-in is over.')
  if (call.url.searchParams.get('ticket') === 'none') return withoutTicket(entra, turn, call)
  const found = await userOfTicket(entra, federation, call)
  if ('status' in found)
    return askForTicket(
      `<meta http-equiv="refresh" content="0;url=/adfs/ls/${turn.id}?ticket=none">`,
    )
  const { user, answer } = found
  const before = call.cookie(browserCookieOf(entra))
  const browserId = entra.state.browsers.remember(before, user.username)
  entra.sessions.signIn(browserId, user.username)
  const signedIn: Turn = { ...turn, username: user.username }
  const headers = {
    ...setBrowserCookie(entra, browserId),
    ...(answer !== '' && { 'WWW-Authenticate': `Negotiate ${answer}` }),
  }
  const step = stepOf(entra, signedIn, browserId)
  if (step.kind === 'answer') return grantCode(entra, signedIn, step, headers)
  if (turn.request.prompt === 'none')
    return refuse(entra, signedIn, call, silentRefusal(step, signedIn, policyChallenge))
  entra.turns.save(signedIn)
  return redirect(`/interaction/${turn.id}`, headers)
}

function withoutTicket(entra: Entra, turn: Turn, call: Call): Answer {
  if (turn.request.prompt !== 'none') return redirect(`/interaction/${turn.id}`)
  return refuse(entra, turn, call, silentRefusal({ kind: 'sign-in' }, turn, policyChallenge))
}
