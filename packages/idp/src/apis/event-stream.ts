import { PassThrough } from 'node:stream'
import type { Context } from '../vendor/oidc-provider.ts'

/**
 * Sends server-sent events: `count` events from the one after `Last-Event-ID` on, one each `everyMs`, then ends. A client
 * that reconnects with `Last-Event-ID` therefore misses none.
 */
export function streamEvents(context: Context, sub: string): void {
  const { searchParams } = new URL(context.href)
  const count = numberOf(searchParams.get('count'), 3)
  const everyMs = numberOf(searchParams.get('everyMs'), 20)
  const first = numberOf(context.get('Last-Event-ID'), 0) + 1
  const stream = new PassThrough()
  let next = first
  stream.write(`retry: ${numberOf(searchParams.get('retryMs'), 50)}\n\n`)
  const timer = setInterval(() => {
    if (next >= first + count) {
      clearInterval(timer)
      stream.end()
      return
    }
    stream.write(`id: ${next}\nevent: tick\ndata: ${JSON.stringify({ number: next, sub })}\n\n`)
    next += 1
  }, everyMs)
  context.res.once('close', () => clearInterval(timer))
  context.type = 'text/event-stream'
  context.body = stream
}

function numberOf(text: string | null, standard: number): number {
  const number = Number(text || standard)
  return Number.isSafeInteger(number) && number >= 0 ? number : standard
}
