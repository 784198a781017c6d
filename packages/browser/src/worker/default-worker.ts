/** Creates workers from their own file. Bundlers recognise these expressions, and ship the file with the app. */

/** The worker of this page. */
export const createDefaultWorker = (): Worker =>
  new Worker(new URL('../token-worker.js', import.meta.url), { type: 'module', name: 'carnet' })

/**
 * The worker that the pages of this origin share. With `extendedLifetime`, Chromium lets it work on for some seconds after its
 * last page has gone; other browsers ignore the option.
 */
export const createSharedWorker = (): SharedWorker =>
  new SharedWorker(new URL('../token-worker.js', import.meta.url), {
    type: 'module',
    name: 'carnet',
    extendedLifetime: true,
  } as WorkerOptions)
