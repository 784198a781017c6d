import { once } from 'node:events'
import {
  Agent,
  createServer,
  type IncomingMessage,
  type ServerResponse,
  request as send,
} from 'node:http'
import type { AddressInfo } from 'node:net'

/** The header of an answer of the balancer itself, as gateways send it. */
export const BROKEN_HEADER = 'x-balancer'

/** Each request has its own connection: an old one that a machine has closed looks like a killed machine. */
const agent = new Agent({ keepAlive: false })

/**
 * A load balancer: each request goes to the next machine. A machine that refuses the connection has not seen the request, so the
 * next machine gets it. A request that breaks later is answered with 502, because nobody knows how far it came.
 */
export async function startBalancer(ports: readonly number[]) {
  let turn = 0
  const server = createServer((message, response) => {
    turn += 1
    pass(
      message,
      response,
      [...ports.keys()].map((at) => ports[(turn + at) % ports.length] ?? 0),
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

function pass(
  message: IncomingMessage,
  response: ServerResponse,
  [port, ...others]: readonly number[],
): void {
  const { method, url: path, headers } = message
  const passed = send({ agent, host: '127.0.0.1', port, method, path, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
    answer.on('error', () => response.destroy())
  })
  passed.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNREFUSED' && others.length > 0) return pass(message, response, others)
    if (response.headersSent) return void response.destroy()
    response.writeHead(502, { [BROKEN_HEADER]: 'broken' }).end()
  })
  passed.on('socket', (socket) => {
    // The body is sent only on a connection: an unsent body can go to the next machine.
    if (socket.connecting) socket.once('connect', () => message.pipe(passed))
    else message.pipe(passed)
  })
}
