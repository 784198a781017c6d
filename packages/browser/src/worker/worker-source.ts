/** The bundled worker. The build of the package writes it here; from source, there is none. */
export const WORKER_SOURCE: string = "postMessage({ type: 'none' })"
