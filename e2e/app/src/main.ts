/** The library for `page.evaluate`, as an app bundles it. Nothing happens until a story asks. */
import * as carnet from '@carnet/browser'

declare global {
  interface Window {
    carnet: typeof carnet
    /** The issuer of the embedded provider. */
    authority: string
    /** What a story keeps between two evaluations. */
    auth: carnet.AuthClient
  }
}

window.carnet = carnet
window.authority =
  document.querySelector<HTMLMetaElement>('meta[name=carnet-authority]')?.content ?? ''
