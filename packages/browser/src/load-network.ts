import { AuthError } from '@carnet/core'
import type { Network } from './network.ts'
import type { Runtime } from './runtime.ts'

/** Loads what talks to the provider, once. A load that failed is tried again at the next need. */
export function createNetworkLoader(runtime: Runtime): () => Promise<Network> {
  let loading: Promise<Network> | undefined
  return function network() {
    loading ??= loaded(load(runtime)).catch((error) => {
      loading = undefined
      throw error
    })
    return loading
  }
}

/** A part that is loaded when it is needed; it may be gone after a deployment. */
export async function loaded<T>(part: Promise<T>): Promise<T> {
  return part.catch((cause) => {
    throw new AuthError('network_error', 'A part of Carnet itself could not be loaded.', { cause })
  })
}

async function load(runtime: Runtime): Promise<Network> {
  const { createNetwork } = await import('./network.ts')
  return createNetwork(runtime)
}
