/**
 * Entra's routing hint (`X-AnchorMailbox`): in which part of its directory the user is at home.
 *
 * @param homeAccountId `uid.utid`; the `sub`, which stands there without `client_info`, says nothing of that.
 */
export function anchorMailbox(
  homeAccountId: string | undefined,
  loginHint?: string,
): string | undefined {
  const [, uid, utid] = /^([^.]+)\.([^.]+)$/.exec(homeAccountId ?? '') ?? []
  if (uid !== undefined) return `Oid:${uid}@${utid}`
  return loginHint && `UPN:${loginHint}`
}
