'use client'
import type { AuthClient } from '@carnet/browser'
import { useCallback, useEffect, useRef } from 'react'
import { useSource } from './auth-provider.ts'

/**
 * Returns `auth.fetch` for this component: a call waits for the client, and is aborted when the component ends. The function is the
 * same at each render. An aborted call rejects with an `AbortError`, as `fetch` does.
 */
export function useApi(): AuthClient['fetch'] {
  const source = useSource()
  const life = useRef<AbortController>(undefined)
  useEffect(() => {
    // React may end an effect and start it again, in the same component.
    if (life.current?.signal.aborted) life.current = undefined
    return () => {
      life.current ??= new AbortController()
      life.current.abort()
    }
  }, [])
  return useCallback(
    async (input, init) => {
      life.current ??= new AbortController()
      const given = init?.signal ?? (input instanceof Request ? input.signal : undefined)
      const own = life.current.signal
      const signal = given ? AbortSignal.any([own, given]) : own
      signal.throwIfAborted()
      const auth = await source.ready
      return auth.fetch(input, { ...init, signal })
    },
    [source],
  )
}
