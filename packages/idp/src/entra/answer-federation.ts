import { signInByTicket } from './authorization/sign-in-by-ticket.ts'
import { answerMetadata } from './federation/metadata.ts'
import { answerTrust, trustVersionAt } from './federation/trust.ts'
import { type Answer, type Call, json } from './http/http.ts'
import type { Entra } from './state/entra.ts'

/** `/adfs/…`: the endpoints of the federation server. */
export async function answerFederation(entra: Entra, call: Call, rest: string): Promise<Answer> {
  const { federation } = entra
  if (!federation) return json(404, { error: 'not_found' })
  if (rest === 'services/trust/mex') return answerMetadata(entra, federation)
  if (rest.startsWith('ls/'))
    return signInByTicket(entra, federation, call, rest.slice('ls/'.length))
  const version = trustVersionAt(federation, rest)
  return version ? answerTrust(entra, federation, call, version) : json(404, { error: 'not_found' })
}
