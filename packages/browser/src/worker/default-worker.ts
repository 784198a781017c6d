/** Creates workers from their own file. Bundlers recognise these expressions, and ship the file with the app. */
import type { FirstConfig } from '../api/config.ts'
import { hasJournal } from '../journal/entry.ts'
import { usesSharedWorker } from './uses-shared-worker.ts'

/** A policy that certainly refuses the address of a worker: the attempt would only cause a violation report. */
const TRUSTED_TYPES =
  'meta[http-equiv="content-security-policy" i][content*="require-trusted-types-for"]'

const isRefused = () => !!globalThis.document?.querySelector(TRUSTED_TYPES)

function assertNotRefused(): void {
  if (isRefused())
    throw new Error('The policy of the page enforces Trusted Types, which refuse the worker.')
}

/**
 * The worker of this page.
 *
 * @param holdsKeys True if the worker must hold the keys for DPoP: then its file is larger.
 */
export function createDefaultWorker(holdsKeys: boolean): Worker {
  assertNotRefused()
  if (holdsKeys)
    return new Worker(new URL('../key-worker.js', import.meta.url), {
      type: 'module',
      name: 'carnet',
    })
  return new Worker(new URL('../token-worker.js', import.meta.url), {
    type: 'module',
    name: 'carnet',
  })
}

/**
 * The worker that the pages of this origin share. With `extendedLifetime`, Chromium lets it work on for some seconds after its
 * last page has gone; other browsers ignore the option.
 */
export function createSharedWorker(holdsKeys: boolean): SharedWorker {
  assertNotRefused()
  if (holdsKeys)
    return new SharedWorker(new URL('../key-worker.js', import.meta.url), {
      type: 'module',
      name: 'carnet',
      extendedLifetime: true,
    } as WorkerOptions)
  return new SharedWorker(new URL('../token-worker.js', import.meta.url), {
    type: 'module',
    name: 'carnet',
    extendedLifetime: true,
  } as WorkerOptions)
}

/** Starts the shared worker before the engine is loaded, if the client will redeem a code in it. */
export function startSharedWorker({ given, cache }: FirstConfig): void {
  const isUsed = usesSharedWorker({ ...given, hasOwnFetch: given.fetch !== undefined })
  if (isUsed && hasJournal(cache) && !isRefused())
    createSharedWorker(typeof given.dpop === 'object')
}
