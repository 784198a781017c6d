'use client'
import { type Snapshot, type Source, unknownSnapshot } from '@carnet/browser/snapshot'
import { startTransition, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { useSource } from './auth-provider.ts'

/**
 * Reads a part of the snapshot, and renders the component again when this part is another value.
 *
 * At hydration the part is that of the server, and the first snapshot of the client follows in a transition: an update outside
 * of a transition would make React drop the server's HTML of the Suspense boundaries that are not hydrated yet.
 */
export function useSelected<T>(select: (snapshot: Snapshot, source: Source) => T): T {
  const source = useSource()
  const wasHydrated = useRef(false)
  const [isLive, setLive] = useState(false)
  const isHeld = () => wasHydrated.current && !isLive
  const selected = useSyncExternalStore(
    source.subscribe,
    () => select(isHeld() ? unknownSnapshot : source.snapshot(), source),
    () => {
      wasHydrated.current = true // React calls this function on servers and at hydration only.
      return select(unknownSnapshot, source)
    },
  )
  useEffect(() => {
    if (!wasHydrated.current) return
    const goLive = () => startTransition(() => setLive(true))
    source.ready.then(goLive, goLive)
  }, [source])
  return selected
}
