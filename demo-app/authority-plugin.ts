import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Connect, Plugin } from 'vite'

const PLACEHOLDER = '%CARNET_AUTHORITY%'

/**
 * Writes the authority into a meta tag of the demo page. The plugin calls `authority` at each page load,
 * because each story starts its own provider for the same build.
 */
export function authorityPlugin(authority: () => string): Plugin {
  const fill = (html: string) => html.replaceAll(PLACEHOLDER, authority())

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
