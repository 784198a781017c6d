import type {
  IoredisCluster,
  IoredisSubscriber,
  NodeRedisClient,
  NodeRedisCluster,
  NodeRedisSubscriber,
  Redis,
} from './client.ts'

/** The place of the first key among the parts of a command, for the commands of the store. */
const keyPlaceOf = (parts: readonly string[]): number => (/^EVAL/.test(parts[0] ?? '') ? 3 : 1)

/** Commands without a key. Any node of the cluster may answer. */
const KEYLESS = new Set(['INFO', 'PUBLISH'])

export const ofNodeRedisCluster = (client: NodeRedisCluster): Redis => ({
  isCluster: true,
  command(...parts) {
    const key = KEYLESS.has(parts[0] ?? '') ? undefined : parts[keyPlaceOf(parts)]
    return client.sendCommand(key, false, [...parts])
  },
  subscribe: (channels, onMessage, onReady) =>
    subscribeToOneNode(async (isOver) => {
      const { masters } = client
      const node = masters[Math.floor(Math.random() * masters.length)]
      const of = (await client.nodeClient(node as never)) as NodeRedisClient | undefined
      const own = of?.duplicate() as NodeRedisSubscriber
      const end = () =>
        own.destroy ? own.destroy() : void own.disconnect?.().catch(() => undefined)
      own.on('error', () => undefined)
      own.on('reconnecting', isOver)
      own.on('end', isOver)
      await own
        .connect()
        .then(() => own.subscribe([...channels], onMessage))
        .catch((error) => {
          end()
          throw error
        })
      onReady()
      return end
    }),
})

export const ofIoredisCluster = (client: IoredisCluster): Redis => ({
  isCluster: true,
  command: (command, ...args) => client.call(command ?? '', ...args),
  subscribe: (channels, onMessage, onReady) =>
    subscribeToOneNode(async (isOver) => {
      const nodes = client.nodes('master')
      const own = nodes[Math.floor(Math.random() * nodes.length)]?.duplicate() as IoredisSubscriber
      own.on('error', () => undefined)
      own.on('message', (_channel = '', message = '') => onMessage(message))
      own.on('close', isOver)
      await own.connect()
      await own.subscribe(...channels)
      onReady()
      return () => own.disconnect()
    }),
})

/** After the end of a subscription, another node is tried at this interval. */
const RETRY_MS = 200

/**
 * A cluster passes messages to all its nodes, so one node is enough. If the connection to it ends, another node takes its
 * place, because the first one may have left the cluster.
 *
 * @param subscribe Subscribes at one node. It calls `isOver` at the end of the connection, and returns a function that ends it.
 */
function subscribeToOneNode(subscribe: (isOver: () => void) => Promise<() => void>): () => void {
  let isClosed = false
  let end: (() => void) | undefined
  let retry: NodeJS.Timeout | undefined

  function next(): void {
    let isThisOver = false
    const isOver = () => {
      if (isThisOver) return
      isThisOver = true
      const ending = end
      end = undefined
      ending?.()
      if (!isClosed) retry = setTimeout(next, RETRY_MS).unref()
    }
    subscribe(isOver).then((ending) => {
      if (isClosed || isThisOver) ending()
      else end = ending
    }, isOver)
  }

  next()
  return () => {
    isClosed = true
    clearTimeout(retry)
    end?.()
  }
}
