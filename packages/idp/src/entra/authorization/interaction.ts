import { PASSWORD } from '../../accounts/users.ts'
import { html } from '../../pages/html.ts'
import { adminConsentRequired, declined } from '../errors/refusals.ts'
import { type Answer, type Call, page } from '../http/http.ts'
import { requiredFactors } from '../requests/factors.ts'
import { permissionsOf } from '../scopes/permissions.ts'
import type { Entra } from '../state/entra.ts'
import type { Turn } from '../state/turns.ts'
import { grantCode, refuse, stepOf } from './authorize.ts'
import { browserCookieOf, setBrowserCookie } from './browser-cookie.ts'
import type { Step } from './next-step.ts'
import { showStep } from './show-step.ts'

const WRONG = 'The user name or the password is wrong. See the hint below.'

/** `/interaction/{id}`: the sequence of pages of one authorization request. */
export function interact(entra: Entra, call: Call, id: string): Answer {
  const { settings } = entra.state
  const turn = entra.turns.find(id)
  if (!turn) {
    return { ...page(settings.get(), 'This page has expired', expired), status: 400 }
  }
  const browserId = call.cookie(browserCookieOf(entra))
  const step = stepOf(entra, turn, browserId)
  if (call.method !== 'POST') return go({ entra, turn, browserId }, step)
  return answerPage({ entra, turn, browserId }, call, step)
}

interface Place {
  readonly entra: Entra
  readonly turn: Turn
  readonly browserId: string | undefined
}

/** Handles the submitted form of a page. */
function answerPage({ entra, turn, browserId }: Place, call: Call, step: Step): Answer {
  const form = call.parameters
  const text = (name: string) => form.get(name) ?? ''
  const place = { entra, turn, browserId }

  switch (form.get('action')) {
    case 'cancel':
    case 'deny': {
      const isForAdmins = step.kind === 'admin'
      const refusal = isForAdmins
        ? adminConsentRequired('access_denied', step.identity.tenant.name)
        : declined()
      return refuse(entra, turn, call, refusal)
    }
    case 'another':
      return move(place, { ...turn, wantsAnother: true })
    case 'choose':
      return choose(place, text('account'))
    case 'continue':
      return signIn(place, text('account'))
    case 'sign-in': {
      const user = entra.state.users.byLogin(text('username'))
      if (user && text('password') === PASSWORD) return signIn(place, user.username)
      return showStep(
        entra,
        turn,
        { kind: 'sign-in' },
        { username: text('username'), problem: WRONG },
      )
    }
    case 'approve':
      return approve(place, step)
    case 'allow':
      return allow(place, step)
    default:
      return go(place, step)
  }
}

/** Continues with the chosen account. An account without a session is signed in first. */
function choose(place: Place, username: string): Answer {
  const { entra, turn, browserId } = place
  const isSignedIn = entra.sessions.of(browserId).some((one) => one.username === username)
  return isSignedIn ? move(place, { ...turn, username }) : signIn(place, username)
}

function signIn({ entra, turn, browserId }: Place, username: string): Answer {
  const { browsers, users } = entra.state
  if (!users.bySub(username)) return showStep(entra, turn, { kind: 'sign-in' })
  const id = browsers.remember(browserId, username)
  entra.sessions.signIn(id, username)
  const { wantsAnother, ...rest } = turn
  const place = { entra, turn, browserId: id }
  return move(place, { ...rest, username }, setBrowserCookie(entra, id))
}

function approve(place: Place, step: Step): Answer {
  const { entra, turn, browserId } = place
  if (step.kind !== 'verify' || browserId === undefined) return go(place, step)
  const { contexts } = turn.request.claimsRequest
  const factors = [...requiredFactors(entra.state.settings.get()), ...contexts]
  entra.sessions.meet(browserId, step.identity.user.username, factors)
  return move(place, turn)
}

function allow(place: Place, step: Step): Answer {
  const { entra, turn } = place
  if (step.kind !== 'consent') return go(place, step)
  const { client, scope } = turn.request
  permissionsOf(entra.state, step.identity, client).allow(scope)
  return move(place, { ...turn, hasConsented: true })
}

/** Stores the result of the page and shows the next step. */
function move({ entra, browserId }: Place, turn: Turn, headers: Answer['headers'] = {}): Answer {
  entra.turns.save(turn)
  return go({ entra, turn, browserId }, stepOf(entra, turn, browserId), headers)
}

function go(
  { entra, turn, browserId }: Place,
  step: Step,
  headers: Answer['headers'] = {},
): Answer {
  if (step.kind === 'answer') return grantCode(entra, turn, step, headers)
  const shown = showStep(entra, turn, step, { browserId })
  return { ...shown, headers: { ...shown.headers, ...headers } }
}

const expired = html`<p role="alert">This sign-in is over, or the provider was reset.</p>
<p class="quiet">Go back to the app and try again.</p>`
