import type { IoredisClient, NodeRedisClient, Redis } from './client.ts'

export const ofNodeRedis = (client: NodeRedisClient): Redis => ({
  isCluster: false,
  command: (...parts) => client.sendCommand([...parts]),
  subscribe(channels, onMessage, onReady) {
    const own = client.duplicate()
    // Without a listener, an error of the connection would end the process. The client reconnects by itself.
    own.on('error', () => undefined)
    let isSubscribed = false
    own.on('ready', () => {
      // At a reconnection, the client repeats its subscriptions before it is ready.
      if (isSubscribed) onReady()
    })
    own
      .connect()
      .then(() => own.subscribe([...channels], onMessage))
      .then(() => {
        isSubscribed = true
        onReady()
      })
      .catch(() => undefined)
    return () => {
      if (own.destroy) own.destroy()
      else own.disconnect?.().catch(() => undefined)
    }
  },
})

export const ofIoredis = (client: IoredisClient): Redis => ({
  isCluster: false,
  command: (command, ...args) => client.call(command ?? '', ...args),
  subscribe(channels, onMessage, onReady) {
    const own = client.duplicate()
    own.on('error', () => undefined)
    own.on('message', (_channel = '', message = '') => onMessage(message))
    // It resubscribes by itself after a reconnection; a second subscription changes nothing and tells when it holds.
    own.on('ready', () => {
      own.subscribe(...channels).then(onReady, () => undefined)
    })
    return () => own.disconnect()
  },
})
