import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Endpoint } from '../model/endpoints.ts'
import type { Fault } from '../model/faults.ts'
import type { Settings } from '../model/settings.ts'
import type { RequestRecord } from '../model/stats.ts'
import type { ChangeForm } from '../oidc/api-parameter.ts'
import type { Prepare } from '../oidc/proof-rules.ts'
import type { State } from '../state/state.ts'
import { answerPreflight, type CorsHeaders } from './cors.ts'
import { readAhead } from './read-ahead.ts'
import { drip, loseAnswer, redirectInstead, respondInstead } from './transport-faults.ts'

export interface FrontDoor {
  readonly state: State
  readonly control: RequestListener
  readonly provider: RequestListener
  /** The endpoint of a path. Pages have none and are not counted. */
  readonly endpointOf: (path: string) => Endpoint | undefined
  readonly corsHeaders: CorsHeaders
  /** Default: no change. */
  readonly changeForm?: ChangeForm
  /** Default: nothing. */
  readonly prepare?: Prepare
  /** Aborted when the provider closes. */
  readonly signal: AbortSignal
}

/** Receives every request, counts it, applies latency and faults, and passes it to the provider. */
export function createFrontDoor({
  state,
  control,
  provider,
  endpointOf,
  corsHeaders,
  changeForm = (_endpoint, form) => form,
  prepare = () => undefined,
  signal,
}: FrontDoor): RequestListener {
  return (request, response) => {
    // A browser repeats a request if a reused connection breaks. A fault would then apply twice, and a
    // lost refresh would look like a replay.
    response.setHeader('Connection', 'close')

    const [path = '/'] = (request.url ?? '/').split('?')
    if (path.startsWith('/control/')) return control(request, response)
    if (request.method === 'OPTIONS') {
      const { refusedRequestHeaders } = state.settings.get()
      return answerPreflight(corsHeaders, request, response, refusedRequestHeaders)
    }

    const endpoint = endpointOf(path)
    if (!endpoint) return provider(request, response)
    visit(endpoint, path, request, response).catch(() => request.socket.destroy())
  }

  async function visit(
    endpoint: Endpoint,
    path: string,
    arriving: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    // Take the fault before any wait, so that faults apply in the order of arrival.
    const fault = state.faults.take(endpoint)
    const { request, body } = await readAhead(arriving, (form) => changeForm(endpoint, form))
    const record = state.stats.add(describe(endpoint, path, request, body))
    response.once('finish', () => (record.status ??= response.statusCode))

    const latencyMs = latencyOf(endpoint, state.settings.get())
    if (latencyMs > 0) await sleep(latencyMs, undefined, { signal })

    prepare(endpoint, request, body)
    const goesOn = !fault || (await commit(fault, record, request, response))
    if (goesOn) provider(request, response)
  }

  /** @returns True if the provider must still process the request. */
  async function commit(
    fault: Fault,
    record: RequestRecord,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<boolean> {
    const cors = corsHeaders(request.headers.origin)
    switch (fault.kind) {
      case 'respond':
        respondInstead(response, fault, cors)
        return false
      case 'redirect':
        redirectInstead(response, fault.location, cors)
        return false
      case 'reset':
        record.status = 'reset'
        request.socket.destroy()
        return false
      case 'hang': {
        record.status = 'hang'
        const isReleased = await state.faults.hold()
        if (!isReleased) request.socket.destroy()
        return isReleased
      }
      case 'loseAnswer':
        record.status = 'reset'
        loseAnswer(request, response)
        return true
      case 'drip':
        drip(response, fault.bytesPerSecond)
        return true
      default:
        state.answerFaults.set(request, fault)
        return true
    }
  }
}

/** The record for the statistics. It contains no secrets of the query or the body. */
function describe(
  endpoint: Endpoint,
  path: string,
  { method = 'GET', url = '/' }: IncomingMessage,
  body: string,
): RequestRecord {
  const grantType = endpoint === 'token' ? new URLSearchParams(body).get('grant_type') : null
  const prompt = new URLSearchParams(url.split('?')[1]).get('prompt')
  return {
    at: Date.now(),
    endpoint,
    method,
    path,
    ...(grantType !== null && { grantType }),
    ...(prompt !== null && { prompt }),
  }
}

const latencyOf = (endpoint: Endpoint, { latencyMs }: Pick<Settings, 'latencyMs'>): number =>
  typeof latencyMs === 'number' ? latencyMs : (latencyMs[endpoint] ?? 0)
