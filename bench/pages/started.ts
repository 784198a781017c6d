/** When the script of the page started, in milliseconds since the navigation. Must be imported before the library. */
export const startedMs: number = performance.now()

performance.mark('bench.started')
