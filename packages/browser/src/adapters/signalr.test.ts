import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { HttpTransportType, HubConnectionBuilder, LogLevel } from '@microsoft/signalr'
import { QueryClient } from '@tanstack/query-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { restartOnRenewal, signalROptions } from './signalr.ts'
import { queryDefaults } from './tanstack-query.ts'

/** The end of a message of the JSON hub protocol. */
const END = '\u001e'

/** A hub over long polling, as SignalR describes it. It accepts some tokens, and answers each invocation with its argument. */
const hub = createServer(async (request, response) => {
  const { method, url = '', headers } = request
  tokens.push(`${method} ${headers.authorization ?? 'none'}`)
  if (!accepted.includes(headers.authorization?.replace('Bearer ', '') ?? ''))
    return response.writeHead(401).end()
  let body = ''
  for await (const chunk of request) body += chunk
  if (url.includes('/negotiate')) {
    const transport = { transport: 'LongPolling', transferFormats: ['Text'] }
    const about = { connectionId: 'c', connectionToken: 'c', negotiateVersion: 1 }
    return response.end(JSON.stringify({ ...about, availableTransports: [transport] }))
  }
  if (method === 'GET') return poll(response)
  if (method === 'DELETE') isOpen = false
  for (const text of body.split(END).filter(Boolean)) answer(JSON.parse(text))
  response.writeHead(method === 'DELETE' ? 202 : 200).end()
})
let accepted = ['t1', 't2']
let tokens: string[] = []
let isOpen = false
let waiting: ServerResponse | undefined
let unsent: string[] = []

function poll(response: ServerResponse): void {
  if (!isOpen) {
    // The first poll opens the connection.
    isOpen = true
    response.end()
  } else if (unsent.length > 0) {
    response.end(unsent.join(''))
    unsent = []
  } else waiting = response
}

function answer(message: { type?: number; invocationId?: string; arguments?: unknown[] }): void {
  const { type, invocationId, arguments: [result] = [] } = message
  if (type === 1) unsent.push(`${JSON.stringify({ type: 3, invocationId, result })}${END}`)
  else if (type === undefined) unsent.push(`{}${END}`)
  if (!waiting || unsent.length === 0) return
  waiting.end(unsent.join(''))
  waiting = undefined
  unsent = []
}

let url = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(hub.address() as AddressInfo).port}/hub`
})
beforeEach(() => {
  accepted = ['t1', 't2']
  tokens = []
  isOpen = false
})
afterAll(() => {
  hub.closeAllConnections()
  hub.close()
})

test('SignalR: a hub over HTTP gets the current token, also after a renewal', async () => {
  let token = 't1'
  let renewed = () => {}
  const auth = {
    tokenFor: async () => ({ accessToken: token }),
    on: (_name: string, listener: () => void) => {
      renewed = listener
      return () => undefined
    },
  }
  const connection = new HubConnectionBuilder()
    .withUrl(url, {
      ...signalROptions(auth as never, url),
      transport: HttpTransportType.LongPolling,
    })
    .configureLogging(LogLevel.None)
    .build()
  const errors: unknown[] = []
  const end = restartOnRenewal(auth as never, connection, (error) => errors.push(error))
  await connection.start()
  expect(await connection.invoke('echo', 'first')).toBe('first')
  expect(new Set(tokens.map((text) => text.split(' ').slice(1).join(' ')))).toEqual(
    new Set(['Bearer t1']),
  )

  token = 't2'
  tokens = []
  renewed()
  await expect.poll(() => connection.state).not.toBe('Connected')
  await expect.poll(() => connection.state).toBe('Connected')
  expect(await connection.invoke('echo', 'second')).toBe('second')
  expect(tokens.at(-1)).toBe('POST Bearer t2')
  end()
  await connection.stop()
  expect(errors).toEqual([])
})

test('TanStack Query: a query over HTTP is not repeated if the user is needed', async () => {
  accepted = []
  const needsUser = Object.assign(new Error('The user is needed.'), { isTransient: false })
  const client = new QueryClient({ defaultOptions: queryDefaults })
  const queryFn = async () => {
    const response = await fetch(url)
    if (response.status === 401) throw needsUser
    return response.text()
  }
  await expect(
    client.fetchQuery({ queryKey: ['hub'], queryFn, retry: queryDefaults.queries.retry }),
  ).rejects.toBe(needsUser)
  expect(tokens).toEqual(['GET none'])
})
