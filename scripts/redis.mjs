/** Finds, installs and starts `redis-server` for tests and measurements. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { canUseApt, installByApt } from './install-browser.mjs'

/**
 * The server for tests: the program in `CARNET_REDIS`, or `redis-server` on the PATH.
 *
 * @returns {string | undefined}
 */
export function findRedis() {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/opt/homebrew/bin']
  const found = folders.map((folder) => join(folder, 'redis-server')).find(existsSync)
  return process.env.CARNET_REDIS || found
}

/** Installs Redis if it is missing. A failure is allowed: the tests with Redis are skipped, and the report names them. */
export function ensureRedis() {
  if (!findRedis() && canUseApt()) installByApt(['redis-server'], ['--no-install-recommends'])
  const found = findRedis()
  console.log(found ? `Testing with ${found}` : 'No redis-server could be found or installed.')
  return found !== undefined
}

/**
 * Starts a server on a free port of 127.0.0.1, which stores nothing on disk.
 *
 * @param {{ port?: number, args?: readonly string[] }} [options]
 */
export async function startRedis({ port, args = [] } = {}) {
  const program = findRedis()
  if (!program) throw new Error('No redis-server was found.')
  const own = port ?? (await freePort())
  const folder = mkdtempSync(join(tmpdir(), 'carnet-redis-'))
  const fixed = ['--port', `${own}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const child = spawn(program, [...fixed, '--dir', folder, '--loglevel', 'warning', ...args], {
    stdio: 'ignore',
  })
  const ended = once(child, 'exit')
  await ready(own, child)
  return {
    port: own,
    url: `redis://127.0.0.1:${own}`,
    pid: child.pid,
    /** Stops the server. Its records are lost. */
    async stop() {
      child.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
    /** Freezes the server: connections stay open, and no command is answered. */
    freeze: () => child.kill('SIGSTOP'),
    thaw: () => child.kill('SIGCONT'),
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

const LONGEST_START_MS = 10_000

async function ready(port, child) {
  const untilMs = performance.now() + LONGEST_START_MS
  while (performance.now() < untilMs) {
    if (child.exitCode !== null) break
    if (await answers(port)) return
    await sleep(10)
  }
  throw new Error(`redis-server did not start on port ${port}.`)
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    const end = (value) => {
      socket.destroy()
      resolve(value)
    }
    socket.setTimeout(500, () => end(false))
    socket.on('data', (data) => end(data.toString().startsWith('+PONG')))
    socket.on('error', () => end(false))
  })
}
