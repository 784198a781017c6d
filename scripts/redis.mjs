/** Finds, installs and starts `redis-server` for tests and measurements. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './free-port.mjs'
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

const SLOTS = 16_384
const NODES = 3

/** Starts a cluster of three masters, without replicas, on free ports of 127.0.0.1. */
export async function startRedisCluster() {
  const nodes = await Promise.all(
    Array.from({ length: NODES }, async () => {
      const bus = `${await freePort()}`
      const args = ['--cluster-enabled', 'yes', '--cluster-port', bus]
      return { bus, node: await startRedis({ args: [...args, '--cluster-node-timeout', '2000'] }) }
    }),
  )
  const [first] = nodes
  for (const [index, { node, bus }] of nodes.entries()) {
    const from = Math.floor((SLOTS * index) / NODES)
    const to = Math.floor((SLOTS * (index + 1)) / NODES) - 1
    await ask(node.port, `CLUSTER ADDSLOTSRANGE ${from} ${to}`)
    await ask(first.node.port, `CLUSTER MEET 127.0.0.1 ${node.port} ${bus}`)
  }
  const isReady = async ({ node }) => {
    const info = await ask(node.port, 'CLUSTER INFO')
    return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${NODES}`)
  }
  const untilMs = performance.now() + LONGEST_START_MS
  while (!(await Promise.all(nodes.map(isReady))).every(Boolean)) {
    if (performance.now() > untilMs) throw new Error('The Redis Cluster did not start.')
    await sleep(50)
  }
  return {
    nodes: nodes.map(({ node }) => node),
    urls: nodes.map(({ node }) => node.url),
    stop: () => Promise.all(nodes.map(({ node }) => node.stop())),
  }
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

const answers = async (port) => (await ask(port, 'PING')).startsWith('+PONG')

/** Sends a command, and reads the first part of the answer; an empty text if the server does not answer. */
function ask(port, command) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${command}\r\n`))
    const end = (value) => {
      socket.destroy()
      resolve(value)
    }
    socket.setTimeout(500, () => end(''))
    socket.on('data', (data) => end(data.toString()))
    socket.on('error', () => end(''))
  })
}
