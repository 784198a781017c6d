import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Connect, Plugin } from 'vite'

/** The addresses that a page reads from its meta tags. */
export interface DemoAddresses {
  /** The issuer of the provider. */
  readonly authority: string
  /** The origin of the page that keeps its tokens in the browser; empty if only one of the two pages is served. */
  readonly browserOrigin?: string
  /** The origin of the page that keeps no token in the browser; empty if only one of the two pages is served. */
  readonly serverOrigin?: string
}

/**
 * Writes addresses into meta tags of the demo pages. The plugin calls `addresses` at each page load,
 * because each story starts its own provider for the same build.
 */
export function authorityPlugin(addresses: () => DemoAddresses): Plugin {
  function fill(html: string): string {
    const { authority, browserOrigin = '', serverOrigin = '' } = addresses()
    return html
      .replaceAll('%CARNET_AUTHORITY%', authority)
      .replaceAll('%CARNET_BROWSER_ORIGIN%', browserOrigin)
      .replaceAll('%CARNET_SERVER_ORIGIN%', serverOrigin)
  }

  /** Serves the built page for every path, because a single-page app has deep links. */
  const servePage =
    (directory: string): Connect.NextHandleFunction =>
    async (request, response, next) => {
      const path = new URL(request.url ?? '/', 'http://localhost').pathname
      const isPage = request.headers.accept?.includes('text/html') && !/\.(?!html$)\w+$/.test(path)
      if (!isPage) return next()
      const file = path.endsWith('.html') ? path.slice(1) : 'index.html'
      const html = await readFile(join(directory, file), 'utf8').catch(() => undefined)
      if (html === undefined) return next()
      response.setHeader('content-type', 'text/html; charset=utf-8')
      response.setHeader('cache-control', 'no-cache')
      response.end(fill(html))
    }

  return {
    name: 'carnet-authority',
    transformIndexHtml: {
      order: 'pre',
      handler: (html, { server }) => (server ? fill(html) : html),
    },
    configurePreviewServer: ({ middlewares, config }) => {
      middlewares.use(servePage(join(config.root, config.build.outDir)))
    },
  }
}
