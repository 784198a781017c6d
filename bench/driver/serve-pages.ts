import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { extname, join } from 'node:path'
import type { Library } from '../figures/libraries.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
}

const BLANK = '<!doctype html><link rel="icon" href="data:," />'

/** An isolated page has a clock of 5 µs instead of 100 µs, but no access to its popups. */
const ISOLATION = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
}

/** The origin of a library for one purpose. Separate origins keep their storage apart. */
export type SiteOf = (library: Library, purpose?: string | number) => string

/**
 * Serves `<folder>/<library>/` at `http://<library>[--<purpose>].localhost:<port>`. Browsers revalidate pages, and cache
 * files with a hash in the name.
 */
export async function servePages(folder: string, authority: () => string) {
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(404).end())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    if (pathname === '/blank')
      return void response.writeHead(200, headersOf('.html', true)).end(BLANK)
    const [library = ''] = (request.headers.host ?? '').split(/--|\./)
    const path = pathname === '/' ? '/index.html' : pathname
    const file = await readFile(join(folder, library, path))
    const type = extname(path)
    response.writeHead(200, headersOf(type, searchParams.has('isolated')))
    const isPage = type === '.html'
    response.end(isPage ? file.toString().replace('%AUTHORITY%', authority()) : file)
  }

  const siteOf: SiteOf = (library, purpose) =>
    `http://${library}${purpose === undefined ? '' : `--${purpose}`}.localhost:${port}`
  return {
    siteOf,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

const headersOf = (type: string, isolated: boolean) => ({
  'content-type': TYPES[type] ?? 'application/octet-stream',
  'cache-control': type === '.html' ? 'no-cache' : 'public, max-age=31536000, immutable',
  // The resources of an isolated page must allow their use explicitly.
  'cross-origin-resource-policy': 'same-origin',
  ...(isolated && ISOLATION),
})
