import type { Page } from '@playwright/test'

/**
 * Installs a hostile script before the app. The script records requests and responses, writes to storage, messages to
 * workers and other tabs, and the input and output of encryption.
 */
export async function seizeAll(page: Page): Promise<void> {
  await page.addInitScript(readAlong)
  await page.reload()
}

/** All data that the hostile script recorded since the page load, as one text. */
export const seized = (page: Page): Promise<string> => page.evaluate(() => window.loot.join('\n'))

declare global {
  interface Window {
    loot: string[]
  }
}

function readAlong(): void {
  window.loot = []
  // Keep the original functions, because the script replaces them below.
  const { stringify } = JSON
  const { decode } = TextDecoder.prototype
  const { toString: print } = URLSearchParams.prototype
  const latin1 = new TextDecoder('latin1')
  const textOf = (value: unknown): string => {
    if (value instanceof URLSearchParams) return print.call(value)
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value))
      return decode.call(latin1, value as ArrayBuffer)
    // The value is a chunk of a stream.
    if (value instanceof Object && 'value' in value) return textOf(value.value)
    return typeof value === 'string' ? value : (stringify(value) ?? '')
  }
  const take = (...values: unknown[]) => void window.loot.push(...values.map(textOf))

  /** Records the arguments and the results of the methods. */
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
