import type { Fetching } from './fetching.ts'

type EventSourceFetch = (url: string | URL, init: RequestInit) => Promise<Response>

/**
 * Options for the package `eventsource`: `new EventSource(url, eventSourceOptions(auth))`. The package reads server-sent events over
 * `fetch`, and reconnects with `Last-Event-ID`; each connection has a current token. The browser's own `EventSource` cannot send
 * a token.
 */
export const eventSourceOptions = (auth: Fetching): { readonly fetch: EventSourceFetch } => ({
  fetch: (url, init) => auth.fetch(url, init),
})
