import type { Page } from '@playwright/test'

/**
 * A script of the page that was there before the app: it reads along in requests and their answers, in what goes into
 * storage, to workers and to other tabs, and in what is encrypted or decrypted.
 */
export async function seizeAll(page: Page): Promise<void> {
  await page.addInitScript(readAlong)
  await page.reload()
}

/** Everything that the script has seen since the page was loaded, as one text. */
export const seized = (page: Page): Promise<string> => page.evaluate(() => window.loot.join('\n'))

declare global {
  interface Window {
    loot: string[]
  }
}

function readAlong(): void {
  window.loot = []
  // What the thief itself works with.
  const { stringify } = JSON
  const { decode } = TextDecoder.prototype
  const { toString: print } = URLSearchParams.prototype
  const latin1 = new TextDecoder('latin1')
  const textOf = (value: unknown): string => {
    if (value instanceof URLSearchParams) return print.call(value)
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value))
      return decode.call(latin1, value as ArrayBuffer)
    // A piece of a stream.
    if (value instanceof Object && 'value' in value) return textOf(value.value)
    return typeof value === 'string' ? value : (stringify(value) ?? '')
  }
  const take = (...values: unknown[]) => void window.loot.push(...values.map(textOf))

  /** Every argument and every answer of a method goes through the thief's hands. */
  function tap(owner: object, ...names: string[]): void {
    for (const name of names) {
      const original = Reflect.get(owner, name) as (...given: unknown[]) => unknown
      Reflect.set(owner, name, function (this: unknown, ...given: unknown[]) {
        take(...given)
        const answer = original.apply(this, given)
        if (answer instanceof Promise) answer.then(take, () => undefined)
        else take(answer)
        return answer
      })
    }
  }
  tap(window, 'fetch', 'postMessage')
  tap(Response.prototype, 'text', 'json', 'arrayBuffer')
  tap(ReadableStreamDefaultReader.prototype, 'read')
  tap(IDBObjectStore.prototype, 'put', 'add')
  tap(Storage.prototype, 'setItem')
  tap(Worker.prototype, 'postMessage')
  tap(MessagePort.prototype, 'postMessage')
  tap(BroadcastChannel.prototype, 'postMessage')
  tap(crypto.subtle, 'encrypt', 'decrypt', 'digest')
  tap(TextEncoder.prototype, 'encode')
  tap(TextDecoder.prototype, 'decode')
  tap(URLSearchParams.prototype, 'set', 'append', 'get', 'toString')
  tap(JSON, 'parse', 'stringify')

  for (const kind of [Worker, MessagePort, BroadcastChannel]) {
    const { addEventListener: listen } = kind.prototype
    const listens = function (this: EventTarget, type: string, listener: unknown, more?: unknown) {
      const reads = (event: Event) => {
        if (event instanceof MessageEvent) take(event.data)
        return (listener as (event: Event) => void)(event)
      }
      return Reflect.apply(listen, this, [type, reads, more])
    }
    Reflect.set(kind.prototype, 'addEventListener', listens)
  }
}
