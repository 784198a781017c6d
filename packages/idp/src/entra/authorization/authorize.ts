import type { Client } from '../../model/options.ts'
import { clientInfoOf } from '../directory/directory.ts'
import { tenantOf } from '../directory/tenants.ts'
import { descriptionOf, errorParameters } from '../errors/error-body.ts'
import {
  isRefusal,
  missing,
  type Refusal,
  unknownClient,
  unknownTenant,
  wrongRedirectUri,
} from '../errors/refusals.ts'
import { isFederated } from '../federation/domains.ts'
import { type Answer, type Call, errorPage, redirect } from '../http/http.ts'
import { parseAuthorizationRequest, readReplyTo } from '../requests/authorization-request.ts'
import { policyChallenge, requiredFactors } from '../requests/factors.ts'
import { permissionsOf } from '../scopes/permissions.ts'
import type { Entra } from '../state/entra.ts'
import type { SignInGrant } from '../state/refresh-tokens.ts'
import type { Turn } from '../state/turns.ts'
import { authorizationResponse } from './authorization-response.ts'
import { browserCookieOf } from './browser-cookie.ts'
import { endDeviceTurn } from './end-device-turn.ts'
import { nextStep, type Step, silentRefusal } from './next-step.ts'

/** `/{tenant}/oauth2/v2.0/authorize` */
export function authorize(entra: Entra, call: Call, segment: string): Answer {
  const { clients, settings } = entra.state
  const { parameters, policy, trace } = call
  const stop = (refusal: Refusal) => errorPage(settings.get(), descriptionOf(refusal, trace))

  const tenant = tenantOf(segment)
  if (!tenant) return stop(unknownTenant(segment))
  const clientId = parameters.get('client_id')
  if (clientId === null) return stop(missing('client_id'))
  const client = clients.find(clientId)
  if (!client) return stop(unknownClient(clientId, segment))
  const replyTo = readReplyTo(parameters)
  if (!isRegistered(replyTo.redirectUri, client)) {
    return stop(wrongRedirectUri(replyTo.redirectUri, clientId))
  }

  const request = parseAuthorizationRequest(parameters, { client, replyTo, tenant, policy })
  if (isRefusal(request)) {
    const answer = errorParameters(request, trace, entra.origin)
    return authorizationResponse(replyTo, answer, call.fault)
  }

  const turn = entra.turns.begin(request, call.fault)
  const step = stepOf(entra, turn, call.cookie(browserCookieOf(entra)))
  if (step.kind === 'answer') return grantCode(entra, turn, step)
  // Entra shows no page of its own to a user of a federated domain.
  const goesOn = request.prompt === '' || request.prompt === 'none'
  if (goesOn && step.kind === 'sign-in' && isFederated(entra, request.domainHint ?? '')) {
    entra.turns.save(turn)
    return redirect(`/adfs/ls/${turn.id}`)
  }
  if (request.prompt === 'none') {
    return refuse(entra, turn, call, silentRefusal(step, turn, policyChallenge))
  }
  entra.turns.save(turn)
  return redirect(`/interaction/${turn.id}`)
}

export function stepOf(entra: Entra, turn: Turn, browserId: string | undefined): Step {
  const { directory, sessions, state } = entra
  const accounts = sessions.of(browserId)
  const signedIn = accounts.map(({ username }) => username)
  return nextStep(turn, {
    directory,
    accounts,
    known: [...new Set([...signedIn, ...state.browsers.accountsOf(browserId)])],
    permissionsOf: (identity) => permissionsOf(state, identity, turn.request.client),
    factors: requiredFactors(state.settings.get()),
  })
}

/** Ends the turn with an authorization code, or tells the device that waits. */
export function grantCode(
  entra: Entra,
  turn: Turn,
  step: Extract<Step, { kind: 'answer' }>,
  headers: Answer['headers'] = {},
): Answer {
  const { codes, state, turns } = entra
  const { account, identity } = step
  const { claims, client, codeChallenge, nonce, policy, replyTo, wantsClientInfo } = turn.request
  const grant = grantOf(turn, step)
  if (turn.userCode !== undefined)
    return endDeviceTurn(entra, { ...turn, userCode: turn.userCode }, grant, headers)
  const code = codes.issue({
    grant,
    redirectUri: replyTo.redirectUri,
    codeChallenge,
    nonce: nonce ?? undefined,
    claims,
  })
  account.clients.set(client.clientId, identity.tenant.id)
  state.issued.add('codes', code)
  turns.end(turn.id)
  const answer = {
    code,
    ...(wantsClientInfo && { client_info: clientInfoOf(identity, policy) }),
    session_state: account.sid,
  }
  return authorizationResponse(replyTo, answer, turn.fault, headers)
}

const grantOf = (
  { request }: Turn,
  { account, identity }: Extract<Step, { kind: 'answer' }>,
): SignInGrant => ({
  username: account.username,
  tenantId: identity.tenant.id,
  clientId: request.client.clientId,
  sid: account.sid,
  signedInAtMs: Date.now(),
  factors: account.factors,
  scope: request.scope.text,
  policy: request.policy,
})

/** Ends the turn with an error response, or tells the device that waits. */
export function refuse(entra: Entra, turn: Turn, { trace }: Call, refusal: Refusal): Answer {
  const { origin, turns } = entra
  const { fault, id, request, userCode } = turn
  if (userCode !== undefined) return endDeviceTurn(entra, { ...turn, userCode }, 'declined')
  turns.end(id)
  return authorizationResponse(request.replyTo, errorParameters(refusal, trace, origin), fault)
}

/** Compares exact strings; for a native client, `http://localhost` works with every port (RFC 8252 §7.3). */
function isRegistered(redirectUri: string, { redirectUris, isNative }: Client): boolean {
  const withoutPort = redirectUri.replace(/^(http:\/\/localhost):\d+/, '$1')
  return redirectUris.includes(redirectUri) || (!!isNative && redirectUris.includes(withoutPort))
}
