import { text } from 'node:stream/consumers'
import type { ApiScope } from '../accounts/scopes.ts'
import type { Json } from '../model/json.ts'
import type { State } from '../state/state.ts'
import type { Context, Middleware } from '../vendor/oidc-provider.ts'
import type { AccessCheck } from './access-check.ts'
import { answerChallenging } from './challenging.ts'
import { mail } from './mail.ts'
import { apiSeconds } from './proof.ts'

interface Operation {
  readonly scope: ApiScope
  readonly status: number
  answer(sub: string, input: Json): object
}

/** The resource APIs. They know only the access token, like a separate resource server. */
export function createApis(
  issuer: string,
  otherOrigin: string,
  check: AccessCheck,
  { calendar, settings }: Pick<State, 'calendar' | 'settings'>,
): Middleware {
  const operations = new Map<string, Operation>([
    ['GET /api/calendar/events', { scope: 'calendar.read', status: 200, answer: calendar.list }],
    ['POST /api/calendar/events', { scope: 'calendar.write', status: 201, answer: calendar.add }],
    ['GET /api/mail/messages', { scope: 'mail.read', status: 200, answer: mail.list }],
    ['POST /api/mail/send', { scope: 'mail.send', status: 202, answer: mail.send }],
  ])
  const claimsChallenge = () => settings.get().claimsChallenge

  return async function apis(context, next) {
    if (!context.path.startsWith('/api/')) return next()
    context.set('Cache-Control', 'no-store')
    if (settings.get().apiClockOffset !== 0)
      context.set('Date', new Date(apiSeconds(settings.get()) * 1000).toUTCString())
    const challenging = { issuer, otherOrigin, check, claimsChallenge }
    if (await answerChallenging(context, challenging)) return
    const operation = operations.get(`${context.method} ${context.path}`)
    if (!operation) {
      context.status = 404
      context.body = { error: 'not_found' }
      return
    }
    const [, , api] = context.path.split('/')
    const audience = [`${issuer}/api`, `${issuer}/${api}`]
    const claims = await check(context, { audience, scope: operation.scope })
    if (!claims) return
    const input = await readJson(context)
    if (input === undefined) {
      context.status = 400
      context.body = { error: 'invalid_json' }
      return
    }
    context.status = operation.status
    context.body = operation.answer(String(claims.sub), input)
  }
}

/** Null if there is no body, undefined if the body is not JSON. */
async function readJson({ method, req }: Context): Promise<Json | undefined> {
  if (method !== 'POST') return null
  try {
    return JSON.parse((await text(req)) || 'null') as Json
  } catch {
    return undefined
  }
}
