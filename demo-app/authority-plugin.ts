import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Connect, Plugin } from 'vite'

const PLACEHOLDER = '%CARNET_AUTHORITY%'

/**
 * Tells the demo which provider to use, through a meta tag of its page. The answer is asked at each
 * page load: stories start a provider of their own behind one build.
 */
export function authorityPlugin(authority: () => string): Plugin {
  const fill = (html: string) => html.replaceAll(PLACEHOLDER, authority())

  /** The built page and, as for every single-page app, all deep links into it. */
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
