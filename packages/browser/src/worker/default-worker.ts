/** The worker as bundlers find and ship it: a file beside the app's own. */
export const createDefaultWorker = (): Worker =>
  new Worker(new URL('../token-worker.js', import.meta.url), { type: 'module', name: 'carnet' })
