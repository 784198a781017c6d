import type { VerifyIdToken } from '@carnet/core/network'
import { loaded } from '../startup/page/loaded.ts'

/** Creates the signature check. Its code loads at the first use. */
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
