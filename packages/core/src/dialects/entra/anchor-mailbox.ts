/**
 * Entra's routing hint (`X-AnchorMailbox`): it names the part of the directory that holds the user.
 *
 * @param homeAccountId `uid.utid`. Without `client_info` it is the `sub`, which gives no hint.
 */
export function anchorMailbox(
  homeAccountId: string | undefined,
  loginHint?: string,
): string | undefined {
  const [, uid, utid] = /^([^.]+)\.([^.]+)$/.exec(homeAccountId ?? '') ?? []
  if (uid !== undefined) return `Oid:${uid}@${utid}`
  return loginHint && `UPN:${loginHint}`
}
