/** The start time of the script, in milliseconds since the navigation. Import it before the library. */
export const startedMs: number = performance.now()

performance.mark('bench.started')
