import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { ResponseFault } from '../../model/faults.ts'
import { type Html, html } from '../../pages/html.ts'
import { layout } from '../../pages/layout.ts'
import { type PageSettings, pageHeaders } from '../../pages/show.ts'
import type { Trace } from '../errors/error-body.ts'
import { splitPath } from './endpoints.ts'

/** A parsed request. */
export interface Call {
  readonly method: string
  readonly url: URL
  readonly body: string
  header(name: string): string | undefined
  cookie(name: string): string | undefined
  /** The parameters of the form body, or of the query if there is no form. */
  readonly parameters: URLSearchParams
  /** The policy of Azure AD B2C in the path. */
  readonly policy: string | undefined
  readonly trace: Trace
  readonly fault: ResponseFault | undefined
}

export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly body?: string
}

export async function readCall(
  request: IncomingMessage,
  origin: string,
  fault: ResponseFault | undefined,
): Promise<Call> {
  const { headers, method = 'GET' } = request
  const url = new URL(request.url ?? '/', origin)
  const body = await text(request)
  const header = (name: string) => [headers[name]].flat()[0]
  const isForm = header('content-type')?.startsWith('application/x-www-form-urlencoded') ?? false
  const parameters = isForm ? new URLSearchParams(body) : url.searchParams
  const asked = parameters.get('client-request-id') ?? header('client-request-id')
  return {
    method,
    url,
    body,
    header,
    cookie: (name) => new RegExp(`(?:^|; )${name}=([^;]+)`).exec(headers.cookie ?? '')?.[1],
    parameters,
    policy: splitPath(url.pathname).policy,
    trace: { traceId: randomUUID(), correlationId: asked ?? randomUUID(), at: new Date() },
    fault,
  }
}

export function send(response: ServerResponse, { trace }: Call, answer: Answer): void {
  const { status, headers, body } = answer
  response.writeHead(status, {
    'Cache-Control': 'no-store',
    'x-ms-request-id': trace.traceId,
    ...headers,
  })
  response.end(body)
}

export const json = (status: number, body: object): Answer => ({
  status,
  headers: { 'Content-Type': 'application/json; charset=utf-8' },
  body: JSON.stringify(body),
})

export const redirect = (location: string, headers: Answer['headers'] = {}): Answer => ({
  status: 303,
  headers: { ...headers, Location: location },
})

export const page = (
  settings: PageSettings,
  title: string,
  content: Html,
  headers: Answer['headers'] = {},
): Answer => ({
  status: 200,
  headers: { ...pageHeaders(settings), 'Content-Type': 'text/html; charset=utf-8', ...headers },
  body: layout(title, content),
})

/** The page for errors that cannot be sent to the client, because the client or its redirect URI is unknown. */
export function errorPage(settings: PageSettings, description: string): Answer {
  const content = html`<p role="alert">${description}</p>
<p class="quiet">Go back to the app and try again.</p>`
  return { ...page(settings, 'This did not work', content), status: 400 }
}
