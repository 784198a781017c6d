import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { BadInput } from '../model/bad-input.ts'
import type { FaultRequest } from '../model/faults.ts'
import type { Client } from '../model/options.ts'
import type { Settings } from '../model/settings.ts'
import type { Control, Whom } from './control.ts'

type Operation = (input: unknown) => Promise<unknown>

/** Serves the control operations as JSON. Any origin may call them, because the server listens on loopback only. */
export function createControlEndpoint(control: Control): RequestListener {
  // The casts are safe, because each operation validates its input.
  const operations: Record<string, Operation> = {
    'GET /control/stats': control.stats,
    'POST /control/stats/reset': control.resetStats,
    'GET /control/settings': control.settings,
    'PATCH /control/settings': (input) => control.changeSettings(input as Partial<Settings>),
    'POST /control/faults': (input) => control.addFault(input as FaultRequest),
    'DELETE /control/faults': control.clearFaults,
    'POST /control/refresh-tokens/revoke': (input) => control.revokeRefreshTokens(input as Whom),
    'POST /control/access-tokens/revoke': (input) => control.revokeAccessTokens(input as Whom),
    'POST /control/sessions/end': (input) => control.endSessions(input as Whom),
    'POST /control/grants/forget': (input) => control.forgetGrants(input as Whom),
    'GET /control/issued': control.issued,
    'GET /control/other-origin': control.otherOrigin,
    'POST /control/clients': (input) => control.addClient(input as Client),
    'POST /control/reset': control.reset,
  }

  return (request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Cache-Control', 'no-store')
    answer(operations, request, response).catch((cause: unknown) => {
      if (cause instanceof BadInput) {
        send(response, 400, { error: 'bad_request', problems: cause.problems })
      } else send(response, 500, { error: 'server_error', problems: [String(cause)] })
    })
  }
}

async function answer(
  operations: Record<string, Operation>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method === 'OPTIONS') {
    response.setHeader('Access-Control-Allow-Methods', 'GET, POST, PATCH, DELETE')
    response.setHeader('Access-Control-Allow-Headers', 'Content-Type')
    return send(response, 204)
  }
  const path = request.url?.split('?')[0]
  const operation = operations[`${request.method} ${path}`]
  if (!operation) return send(response, 404, { error: 'not_found', known: Object.keys(operations) })
  const result = await operation(parse(await text(request)))
  send(response, result === undefined ? 204 : 200, result)
}

function parse(body: string): unknown {
  try {
    return body === '' ? undefined : JSON.parse(body)
  } catch {
    throw new BadInput(['the body: must be JSON'])
  }
}

function send(response: ServerResponse, status: number, body?: unknown): void {
  if (body === undefined) return void response.writeHead(status).end()
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}
