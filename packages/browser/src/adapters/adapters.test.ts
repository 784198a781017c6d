import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { HttpClient, HttpResponse, HubConnectionBuilder, LogLevel } from '@microsoft/signalr'
import { QueryClient } from '@tanstack/query-core'
import axios from 'axios'
import { EventSource } from 'eventsource'
import ky from 'ky'
import { createFetch } from 'ofetch'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { apolloOptions } from './apollo.ts'
import { useCarnet } from './axios.ts'
import { eventSourceOptions } from './event-source.ts'
import { kyOptions } from './ky.ts'
import { ofetchOptions } from './ofetch.ts'
import { restartOnRenewal, signalROptions } from './signalr.ts'
import { queryDefaults } from './tanstack-query.ts'

/** An API that accepts one token, and the requests that it got. */
const received: { url: string; authorization: string; body: string; lastEventId: string }[] = []
let accepted = 't1'
const api = createServer(async (request, response) => {
  const { authorization = '', 'last-event-id': lastEventId = '' } = request.headers
  let body = ''
  for await (const chunk of request) body += chunk
  received.push({ url: request.url ?? '', authorization, body, lastEventId: String(lastEventId) })
  if (authorization !== `Bearer ${accepted}`) {
    response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' })
    return response.end('{}')
  }
  if (request.url?.startsWith('/events')) {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const id = Number(lastEventId || 0) + 1
    return response.end(`retry: 10\nid: ${id}\ndata: event ${id}\n\n`)
  }
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ data: { hello: body || 'world' } }))
})
let url = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(api.address() as AddressInfo).port}`
})
afterAll(() => api.close())

/** A client whose next token is `t2`. It attaches tokens to the API only, and counts remedies. */
function createAuth() {
  let token = 't1'
  const auth = {
    remedies: 0,
    async authorize(request: Request): Promise<Request> {
      if (!request.url.startsWith(`${url}/`)) return request
      const authorized = request.clone()
      authorized.headers.set('authorization', `Bearer ${token}`)
      return authorized
    },
    async remedy(_request: Request, response: Response): Promise<'retry' | 'none'> {
      auth.remedies += 1
      if (!response.headers.get('www-authenticate')?.includes('invalid_token')) return 'none'
      token = 't2'
      return 'retry'
    },
    async fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
      const request = new Request(input, init)
      const send = async () => fetch(await auth.authorize(request.clone()))
      const response = await send()
      return response.status === 401 && (await auth.remedy(request, response)) === 'retry'
        ? send()
        : response
    },
    tokenFor: async () => ({ accessToken: token }),
  }
  return auth
}

let auth = createAuth()
beforeEach(() => {
  auth = createAuth()
  received.length = 0
  accepted = 't2'
})
const tokens = () => received.map(({ authorization }) => authorization)

test('axios: attaches the token, and repeats a refused request with its body', async () => {
  const instance = axios.create({ baseURL: url })
  const remove = useCarnet(instance, auth)
  const { data } = await instance.post('/items', 'order', { params: { page: 1 } })
  expect(data).toEqual({ data: { hello: 'order' } })
  expect(tokens()).toEqual(['Bearer t1', 'Bearer t2'])
  expect(received.map(({ url: path, body }) => [path, body])).toEqual([
    ['/items?page=1', 'order'],
    ['/items?page=1', 'order'],
  ])
  remove()
  await expect(instance.get('/items')).rejects.toMatchObject({ response: { status: 401 } })
  expect(tokens().at(-1)).toBe('')
})

test('axios: an API that always refuses gets at most four requests', async () => {
  accepted = 'none'
  const instance = axios.create({ baseURL: url })
  useCarnet(instance, auth)
  await expect(instance.get('/items')).rejects.toMatchObject({ response: { status: 401 } })
  expect(received).toHaveLength(4)
})

test('axios: the header of the app stays', async () => {
  const instance = axios.create({ baseURL: url })
  useCarnet(instance, auth)
  const headers = { authorization: 'Bearer own' }
  await expect(instance.get('/items', { headers })).rejects.toThrow()
  expect([tokens(), auth.remedies]).toEqual([['Bearer own'], 0])
})

test('ky: sends by the client', async () => {
  const api = ky.create({ ...kyOptions(auth), prefix: url } as never)
  const read = await api.post(`${url}/items`, { body: 'order' }).json()
  expect(read).toEqual({ data: { hello: 'order' } })
  expect(tokens()).toEqual(['Bearer t1', 'Bearer t2'])
})

test('ofetch: sends by the client', async () => {
  const read = await createFetch(ofetchOptions(auth))(`${url}/items`, {
    method: 'POST',
    body: 'order',
  })
  expect(read).toEqual({ data: { hello: 'order' } })
  expect(tokens()).toEqual(['Bearer t1', 'Bearer t2'])
})

test('Apollo Client: its link sends by the client', async () => {
  const link = new HttpLink({ uri: `${url}/graphql`, ...apolloOptions(auth) })
  const client = new ApolloClient({ link, cache: new InMemoryCache() })
  const { data } = await client.query({
    query: gql`
      query Hello {
        hello
      }
    `,
  })
  expect((data as { hello: string }).hello).toContain('query Hello')
  expect(tokens()).toEqual(['Bearer t1', 'Bearer t2'])
})

test('eventsource: each connection has a current token, and continues after the last event', async () => {
  const source = new EventSource(`${url}/events`, eventSourceOptions(auth))
  const data: string[] = []
  await new Promise<void>((resolve) => {
    source.onmessage = (event) => {
      data.push(event.data)
      if (data.length === 2) resolve()
    }
  })
  source.close()
  expect(data).toEqual(['event 1', 'event 2'])
  expect(tokens().slice(0, 3)).toEqual(['Bearer t1', 'Bearer t2', 'Bearer t2'])
  expect(received[2]?.lastEventId).toBe('1')
})

test('SignalR: each connection asks for the token', async () => {
  const sent: string[] = []
  class Recorder extends HttpClient {
    async send(request: { headers?: Record<string, string> }): Promise<HttpResponse> {
      sent.push(request.headers?.Authorization ?? '')
      return new HttpResponse(401, 'refused')
    }
  }
  const connection = new HubConnectionBuilder()
    .withUrl(`${url}/hub`, {
      ...signalROptions(auth as never, `${url}/hub`),
      httpClient: new Recorder(),
    })
    .configureLogging(LogLevel.None)
    .build()
  await expect(connection.start()).rejects.toThrow()
  expect(sent[0]).toBe('Bearer t1')
})

test('SignalR: a connected hub restarts after a renewal, once', async () => {
  const steps: string[] = []
  let renewed = () => {}
  const on = (_name: string, listener: () => void) => {
    renewed = listener
    return () => steps.push('removed')
  }
  const connection = {
    state: 'Connected',
    stop: async () => void steps.push('stop'),
    start: async () => void steps.push('start'),
  }
  const end = restartOnRenewal({ on } as never, connection)
  renewed()
  renewed()
  await expect.poll(() => steps).toEqual(['stop', 'start'])
  connection.state = 'Disconnected'
  await Promise.resolve()
  renewed()
  end()
  expect(steps).toEqual(['stop', 'start', 'removed'])
})

test.each([
  [Object.assign(new Error('user'), { isTransient: false }), 1],
  [Object.assign(new Error('abort'), { name: 'AbortError' }), 1],
  [Object.assign(new Error('offline'), { isTransient: true }), 4],
  [new TypeError('failed to fetch'), 4],
])('TanStack Query: %s is tried %i times', async (error, tries) => {
  const client = new QueryClient({
    defaultOptions: { ...queryDefaults, queries: { ...queryDefaults.queries, retryDelay: 0 } },
  })
  let count = 0
  const queryFn = () => {
    count += 1
    throw error
  }
  await expect(
    client.fetchQuery({ queryKey: ['x'], queryFn, retry: queryDefaults.queries.retry }),
  ).rejects.toBe(error)
  expect(count).toBe(tries)
})
