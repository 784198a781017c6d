/**
 * The key of a tab note (`sessionStorage`) with the `state` of the response that this tab waits for, or the beginning of that
 * `state` (see `noteOf`). The page that leaves writes it. A page that opens a popup writes it into the empty popup, whose
 * storage outlives every page that it shows. So the popup knows whose it is, although a page with
 * `Cross-Origin-Opener-Policy` cuts the tie to its opener and clears its name.
 */
export const AWAITED = 'carnet|waits'
