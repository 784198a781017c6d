/** The source of the bundled worker. The build of the package writes it here; without a build, there is no worker. */
export const WORKER_SOURCE: string = "postMessage({ type: 'none' })"
