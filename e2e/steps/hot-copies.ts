import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { createServer, loadConfigFromFile, mergeConfig } from 'vite'
import { authorityPlugin } from '../../demo-app/authority-plugin.ts'
import { folderOfApp, folderOfExample } from '../../scripts/binding-apps.mjs'
import { repository } from '../packaging/pack.ts'

/** The copy of an app of a binding. A story may change its files. */
export interface HotCopy {
  /** The folder of the app. */
  readonly root: string
  /** The folder of the example, whose modules the app imports. */
  readonly example: string
}

/** Copies the app of a binding, and the example whose modules it imports. */
export function copyApp(name: string): HotCopy {
  const top = join(repository, '.cache', `hot-${name}`)
  rmSync(top, { recursive: true, force: true })
  const copy = (folder: string) => {
    const target = join(top, relative(repository, folder))
    cpSync(folder, target, {
      recursive: true,
      filter: (path) => !/\/(dist|node_modules|\.angular)$/.test(path),
    })
    // The repository itself has another version of Angular.
    if (name === 'angular') symlinkSync(join(folder, 'node_modules'), join(target, 'node_modules'))
    return target
  }
  const example = copy(folderOfExample(name))
  return { root: copy(folderOfApp(name)), example }
}

/** A server of a copy. */
export interface HotServer {
  /** Resolves when the server answers. */
  readonly ready: Promise<unknown>
  close(): Promise<unknown>
}

/** Serves a copy by the development server of Vite. */
export function serveByVite(
  name: string,
  { root }: HotCopy,
  port: number,
  authority: string,
): HotServer {
  const file = join(repository, 'scripts/vite.binding-apps.ts')
  const creating = loadConfigFromFile({ command: 'serve', mode: name }, file).then((loaded) =>
    createServer(
      mergeConfig(loaded?.config ?? {}, {
        root,
        configFile: false,
        mode: name,
        cacheDir: join(repository, '.cache', `hot-vite-${name}`),
        logLevel: 'error',
        plugins: [authorityPlugin(() => ({ authority }))],
        server: { host: 'localhost', port, strictPort: true },
      }),
    ),
  )
  return {
    ready: creating.then((server) => server.listen()),
    close: async () => (await creating).close(),
  }
}

/** Serves a copy by the development server of the Angular CLI. */
export function serveByAngular({ root }: HotCopy, port: number, authority: string): HotServer {
  const page = join(root, 'index.html')
  writeFileSync(page, readFileSync(page, 'utf8').replace('%CARNET_AUTHORITY%', authority))
  const architect = join(root, 'node_modules/@angular-devkit/architect-cli/bin/cli.js')
  const server = spawn(process.execPath, [architect, 'angular-suite:serve', `--port=${port}`], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(server, 'exit')
  const ready = new Promise<void>((resolve, reject) => {
    let output = ''
    server.stdout.on('data', (chunk) => {
      output += chunk
      if (output.includes('Local')) resolve()
    })
    void ended.then(() => reject(new Error(output)))
  })
  return {
    ready,
    close() {
      server.kill('SIGKILL') // Its workers delay the end otherwise.
      return ended
    },
  }
}
