import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, dirname, join } from 'node:path'

/** The folders in which pnpm keeps the dependencies that the lockfile names. */
const VIRTUAL_STORE = 'node_modules/.pnpm'

interface Registry {
  readonly url: string
  close(): Promise<void>
}

/**
 * Serves the installed dependencies of the repository as an npm registry does. An installation from this registry needs
 * no network and gets the versions of the lockfile.
 */
export async function startRegistry(repository: string): Promise<Registry> {
  const folders = foldersByName(join(repository, VIRTUAL_STORE))
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname)
    const [name = '', version] = path.slice(1).split('/-/')
    const found = folders.get(name)
    if (!found) return response.writeHead(404).end('{}')
    if (version) return response.end(archive(found.get(version) ?? ''))
    const versions = [...found].map(([id, folder]) => [
      id,
      {
        ...readManifest(folder),
        dist: {
          tarball: `${url}/${name}/-/${id}`,
          integrity: `sha512-${createHash('sha512').update(archive(folder)).digest('base64')}`,
        },
      },
    ])
    const latest = [...found.keys()].at(-1)
    response.end(
      JSON.stringify({ name, 'dist-tags': { latest }, versions: Object.fromEntries(versions) }),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Maps names to versions to folders. */
function foldersByName(store: string): Map<string, Map<string, string>> {
  const found = new Map<string, Map<string, string>>()
  for (const entry of readdirSync(store)) {
    // The folder of `@a/b` 1.0.0 is `@a+b@1.0.0`, with a suffix if it has peers.
    const name = entry.slice(0, entry.indexOf('@', 1)).replace('+', '/')
    const folder = join(store, entry, 'node_modules', name)
    if (!existsSync(join(folder, 'package.json'))) continue
    const { version } = readManifest(folder)
    found.set(name, (found.get(name) ?? new Map()).set(version, folder))
  }
  return found
}

const readManifest = (folder: string): { version: string } =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

/** pnpm stores equal files once. GNU tar would write the second as a link, and npm ignores links. */
const WHOLE_FILES = process.platform === 'linux' ? ['--hard-dereference'] : []

const archives = new Map<string, Buffer>()

/** Creates the archive once, because npm compares the archive with its digest. */
function archive(folder: string): Buffer {
  const made =
    archives.get(folder) ??
    execFileSync(
      'tar',
      [
        '-czf',
        '-',
        ...WHOLE_FILES,
        '--exclude=node_modules',
        '-C',
        dirname(folder),
        basename(folder),
      ],
      { maxBuffer: 2 ** 28 },
    )
  archives.set(folder, made)
  return made
}
