import { AWAITED } from '@carnet/core/base'
import { FRAME_NAME } from '../../startup/page/frame-name.ts'
import { type InteractionKind, KINDS } from '../authorization/kinds.ts'
import { kindOfState } from '../authorization/state.ts'
import { handOver, type Receipt } from './relay.ts'

/**
 * The response in a URL after it was offered to the page that waits, the kind of its request, and the receipt of the waiting
 * page, if a page took the response.
 */
export type PassedOn = readonly [
  response?: URLSearchParams | undefined,
  kind?: InteractionKind | undefined,
  receipt?: Receipt | undefined,
]

const has = (parameters: URLSearchParams | undefined, ...names: string[]) =>
  names.some((name) => parameters?.has(name))

function awaitedState(): string | undefined {
  try {
    return sessionStorage.getItem(AWAITED) ?? undefined
  } catch {
    return undefined // The browser refuses `sessionStorage`.
  }
}

/**
 * Passes the response in `href` to the page that waits for it, if the response belongs to a popup or a hidden iframe.
 *
 * @param clean Removes the response from the URL of this page.
 * @returns `undefined` in a hidden iframe whose URL the page reads that created it.
 */
export async function passOn(href: string, clean: () => void): Promise<PassedOn | undefined> {
  const { hash, search } = new URL(href)
  const parts = [hash, search].map((text) => new URLSearchParams(text.slice(1)))
  let response = parts.find((part) => has(part, 'state', 'code', 'error'))
  // The page that created the hidden iframe reads a response without `state` from the URL of the iframe.
  if (!response?.get('state') && window.name === FRAME_NAME) return undefined
  clean()
  const awaited = window.parent === window ? awaitedState() : undefined
  const isAwaited = (start: string) =>
    response?.get('state')?.startsWith(start) && has(response, 'code', 'error')
  if (awaited && !isAwaited(awaited)) {
    const { unusableOf } = await import('../response/callback-unusable.ts')
    response = unusableOf(parts, response, awaited)
  }
  const state = response?.get('state') ?? ''
  const name = kindOfState(state)
  const kind = name && KINDS[name]
  const receipt = response && kind?.waits ? await handOver(state, response) : undefined
  return [response, kind, receipt]
}
