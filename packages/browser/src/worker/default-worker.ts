/** Creates the worker from its own file. Bundlers recognise this expression and ship the file with the app. */
export const createDefaultWorker = (): Worker =>
  new Worker(new URL('../token-worker.js', import.meta.url), { type: 'module', name: 'carnet' })
