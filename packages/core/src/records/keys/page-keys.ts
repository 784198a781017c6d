/** The names of entries in the storage of a tab that the redirect page needs too. The file imports nothing. */

/**
 * The key of a tab note (`sessionStorage`) with the `state` of the pending response of this tab, or the beginning of the
 * `state` (see `noteOf`). The page that leaves writes it. A page that opens a popup writes it into the empty popup, whose
 * storage survives all its pages. So the popup knows its request, even if a page with `Cross-Origin-Opener-Policy` removes the
 * opener and the name.
 */
export const AWAITED = 'carnet|waits'

/** The key of a tab note (`sessionStorage`) with the `journalRecordKey` of the code that this tab is redeeming. */
export const REDEEMING = 'carnet|redeems'

/** The key of a tab note (`sessionStorage`) with the `state` of the sign-out from which the user came back last. */
export const SIGNED_OUT = 'carnet|signed-out'

/** The beginning of the names of posted sign-outs in `localStorage`. The authority follows. */
export const POSTED_SIGN_OUT_PREFIX = 'carnet|posted-sign-out|'
