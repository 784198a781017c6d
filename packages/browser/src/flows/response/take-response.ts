import { AWAITED } from '@carnet/core/base'
import type { FirstConfig } from '../../api/config.ts'
import type { FirstPage } from '../../startup/page/first-page.ts'
/** Removes the response from the URL of a page. This file loads only if the URL may have a response. */
import type { Address, ResponseInUrl } from '../../startup/response.ts'
import { KINDS } from '../authorization/kinds.ts'
import { kindOfState } from '../authorization/state.ts'
import { findResponse } from './response-url.ts'

/** Finds the response of a URL, before the options are checked. Restores all other parameters. */
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

/** True if the response to `state` would arrive at this page. */
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
