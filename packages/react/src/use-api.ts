'use client'
import type { AuthClient } from '@carnet/browser'
import { boundFetch } from '@carnet/browser/component'
import { useCallback, useEffect, useRef } from 'react'
import { useSource } from './auth-provider.ts'

/**
 * Returns `auth.fetch` for this component: a call waits for the client, and is aborted when the component ends. The function is the
 * same at each render. An aborted call rejects with an `AbortError`, as `fetch` does.
 */
export function useApi(): AuthClient['fetch'] {
  const { ready } = useSource()
  const life = useRef(new AbortController())
  const starts = useRef(0)
  useEffect(() => {
    // React may end an effect and start it again, in the same component: at once in StrictMode, later in an `<Activity>`.
    if (life.current.signal.aborted) life.current = new AbortController()
    const own = ++starts.current
    return () => queueMicrotask(() => own === starts.current && life.current.abort())
  }, [])
  return useCallback(
    async (...call) => {
      // The effects of children start first.
      if (life.current.signal.aborted) await undefined
      return boundFetch(ready, life.current.signal)(...call)
    },
    [ready],
  )
}
