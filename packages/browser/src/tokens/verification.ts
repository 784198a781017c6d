import type { VerifyIdToken } from '@carnet/core/network'
import { loaded } from '../startup/loaded.ts'

/** Signatures are checked by a part that is loaded where that is wanted. */
export function createVerification(
  fetchJson: (url: string) => Promise<unknown>,
  now: () => number,
): VerifyIdToken {
  let check: VerifyIdToken | undefined
  return async (idToken, metadata) => {
    const { createSignatureCheck } = await loaded(import('@carnet/core/signature'))
    check ??= createSignatureCheck({ fetchJson, now })
    await check(idToken, metadata)
  }
}
