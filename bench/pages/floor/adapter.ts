import type { Adapter } from '../adapter.ts'
import { API_SCOPE, CALLBACK } from '../setting.ts'
import { authorizationUrl, createVerifier, redeem } from './code-flow.ts'
import { openFloor, readToken } from './sealed-record.ts'

const tokens = new Map<string, string>()

/** The least possible code. It validates nothing, and stores only the data for a redirect. */
export const adapter: Adapter = {
  async ready() {
    const code = new URLSearchParams(location.search).get('code')
    if (code) {
      const accessToken = await redeem(code, '/', sessionStorage.getItem('verifier') ?? '')
      return { signedIn: true, accessToken }
    }
    const token = await readToken(await openFloor())
    if (token !== undefined) tokens.set(API_SCOPE, token)
    return { signedIn: token !== undefined }
  },
  silent: async () => tokens.get(API_SCOPE) ?? '',
  async signInRedirect() {
    const verifier = createVerifier()
    sessionStorage.setItem('verifier', verifier)
    location.assign(await authorizationUrl(verifier, '/'))
  },
  async signInPopup() {
    const popup = open('about:blank', 'popup', 'popup,width=480,height=640')
    const answered = new Promise<MessageEvent<string>>((resolve) =>
      addEventListener('message', resolve, { once: true }),
    )
    const verifier = createVerifier()
    if (popup) popup.location = await authorizationUrl(verifier, CALLBACK)
    const code = new URLSearchParams((await answered).data).get('code') ?? ''
    return redeem(code, CALLBACK, verifier)
  },
  forget: async () => tokens.clear(),
}
