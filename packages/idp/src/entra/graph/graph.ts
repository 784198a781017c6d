import { mail } from '../../apis/mail.ts'
import { isJsonObject, type Json } from '../../model/json.ts'
import { subOf } from '../directory/directory.ts'
import { type Answer, type Call, json } from '../http/http.ts'
import type { Entra } from '../state/entra.ts'
import { authorizeCaller, type Caller, graphError } from './graph-token.ts'

interface Operation {
  /** The access token needs at least one of these scopes. */
  readonly scopes: readonly string[]
  answer(caller: Caller, input: Json): Answer
}

/** `/graph/*`: some endpoints of Microsoft Graph for the profile, the calendar and the mail of a user. */
export function createGraph(entra: Entra): (call: Call) => Promise<Answer> {
  const { calendar } = entra.state
  const context = (path: string) => `${entra.origin}/graph/v1.0/$metadata#users('me')/${path}`

  const operations = new Map<string, Operation>([
    ['GET /graph/v1.0/me', { scopes: ['User.Read'], answer: showMe }],
    ['GET /graph/oidc/userinfo', { scopes: ['openid'], answer: showUserInfo }],
    [
      'GET /graph/v1.0/me/events',
      {
        scopes: ['Calendars.Read', 'Calendars.ReadWrite'],
        answer: ({ identity }) =>
          json(200, {
            '@odata.context': context('events'),
            value: calendar.list(identity.user.username).map(eventOf),
          }),
      },
    ],
    [
      'POST /graph/v1.0/me/events',
      {
        scopes: ['Calendars.ReadWrite'],
        answer: ({ identity }, input) =>
          json(201, eventOf(calendar.add(identity.user.username, addedOf(input)))),
      },
    ],
    [
      'GET /graph/v1.0/me/messages',
      {
        scopes: ['Mail.Read'],
        answer: ({ identity }) =>
          json(200, {
            '@odata.context': context('messages'),
            value: mail.list(identity.user.username).map(messageOf),
          }),
      },
    ],
    ['POST /graph/v1.0/me/sendMail', { scopes: ['Mail.Send'], answer: () => ({ status: 202 }) }],
  ])

  return async (call) => {
    const operation = operations.get(`${call.method} ${call.url.pathname}`)
    if (!operation) return graphError(404, call, 'ResourceNotFound', 'This path has no resource.')
    const caller = await authorizeCaller(entra, call, operation.scopes)
    if ('status' in caller) return caller
    const input = parse(call.body)
    return input === undefined
      ? graphError(400, call, 'BadRequest', 'Unable to read JSON request payload.')
      : operation.answer(caller, input)
  }
}

function showMe({ identity }: Caller): Answer {
  const { oid, user } = identity
  const [givenName = user.name, surname = ''] = user.name.split(' ')
  return json(200, {
    id: oid,
    displayName: user.name,
    givenName,
    surname,
    mail: user.email,
    userPrincipalName: user.email,
  })
}

function showUserInfo({ clientId, identity }: Caller): Answer {
  const { name, email } = identity.user
  return json(200, { sub: subOf(identity, clientId), name, email })
}

const eventOf = ({
  id,
  organizer,
  start,
  title,
}: ReturnType<Entra['state']['calendar']['add']>) => ({
  id,
  subject: title,
  start: { dateTime: start, timeZone: 'UTC' },
  organizer: { emailAddress: { name: organizer } },
})

const messageOf = ({ from, id, subject }: ReturnType<typeof mail.list>[number]) => ({
  id,
  subject,
  from: { emailAddress: { address: from } },
})

/** Converts an event of Graph to the format of the calendar. */
function addedOf(input: Json): Json {
  const { start = null, subject = null } = isJsonObject(input) ? input : {}
  return { title: subject, start: isJsonObject(start) ? (start.dateTime ?? null) : start }
}

/** Null if there is no body, undefined if the body is not JSON. */
function parse(body: string): Json | undefined {
  try {
    return JSON.parse(body || 'null') as Json
  } catch {
    return undefined
  }
}
