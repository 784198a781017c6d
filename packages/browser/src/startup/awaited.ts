/**
 * The key of a tab note (`sessionStorage`) with the `state` of the pending response of this tab, or the beginning of the
 * `state` (see `noteOf`). The page that leaves writes it. A page that opens a popup writes it into the empty popup, whose
 * storage survives all its pages. So the popup knows its request, even if a page with `Cross-Origin-Opener-Policy` removes the
 * opener and the name.
 */
export const AWAITED = 'carnet|waits'
