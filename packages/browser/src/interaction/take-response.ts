/** Takes the response out of the address of a page. Loaded where the address may have one. */
import type { FirstPage } from '../first-page.ts'
import type { FirstConfig } from '../options.ts'
import { AWAITED } from './awaited.ts'
import { findResponse, type ResponseInUrl } from './response-url.ts'
import { kindOfState } from './state.ts'

/** An address that may have a response, and the `state` that this tab waits for. */
export interface Address {
  readonly href: string
  readonly awaited: string | undefined
  /** True if the parameters are out of the address until it is known what they are. */
  readonly isCleared: boolean | undefined
}

/** Finds the response of an address, whether the options turn out to be right or not. Other parameters come back. */
export function takeResponse(
  { href, awaited, isCleared }: Address,
  page: FirstPage,
  mark: string,
  config: FirstConfig | undefined,
): ResponseInUrl | undefined {
  const isHere = config && page.frameName() === undefined && isAwaited(awaited, href, config)
  const response = findResponse(href, mark, isHere ? awaited : undefined)
  const isTaken = response && (!response.isForeign || response.isUnusable)
  if (response) page.tabNote(AWAITED, 'removed')
  if (isTaken || isCleared) page.replaceUrl(isTaken ? response.cleanUrl : href)
  return response
}

/** True if this is the page where the response to `state` would arrive. */
function isAwaited(
  state: string | undefined,
  href: string,
  { mark, redirectUri }: FirstConfig,
): boolean {
  const kind = kindOfState(state ?? '')
  const isHere = new URL(redirectUri).pathname === new URL(href).pathname
  return kind === 'signOut' || (isHere && (kind === 'popup' || state?.startsWith(mark) === true))
}
