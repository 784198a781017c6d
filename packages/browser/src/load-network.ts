import { AuthError } from '@carnet/core'
import type { Network } from './network.ts'
import type { Runtime } from './runtime.ts'

/** Loads what talks to the provider, once. A load that failed is tried again at the next need. */
export function createNetworkLoader(runtime: Runtime): () => Promise<Network> {
  let loading: Promise<Network> | undefined
  return function network() {
    loading ??= load(runtime).catch((cause) => {
      loading = undefined
      throw new AuthError('network_error', 'A part of Carnet itself could not be loaded.', {
        cause,
      })
    })
    return loading
  }
}

async function load(runtime: Runtime): Promise<Network> {
  const { createNetwork } = await import('./network.ts')
  return createNetwork(runtime)
}
