import { AWAITED } from '@carnet/core/base'
import type { FirstConfig } from '../../api/options.ts'
import type { FirstPage } from '../../startup/first-page.ts'
/** Takes the response out of the address of a page. Loaded where the address may have one. */
import type { Address, ResponseInUrl } from '../../startup/response.ts'
import { KINDS } from '../authorization/kinds.ts'
import { kindOfState } from '../authorization/state.ts'
import { findResponse } from './response-url.ts'

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
  const { waits, isSignOut } = (kind && KINDS[kind]) ?? {}
  return (waits && isSignOut) || (isHere && (waits || state?.startsWith(mark) === true))
}
