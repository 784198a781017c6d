/** Events of Angular's profiler. */
const UPDATE_OF_TEMPLATE = 2
const START_OF_RENDERING = 14
const END_OF_RENDERING = 15

type Profiler = (event: number, instance: object | null) => void
type Tools = { ng: { ɵsetProfiler(profiler: Profiler): void } }

/**
 * Counts how often Angular renders components. An app must exist, because Angular's tools for developers start with it.
 *
 * @param names The names that the stories have for the classes.
 */
export function countRenders(names: Readonly<Record<string, string>>): Record<string, number> {
  const renders: Record<string, number> = {}
  // After each rendering, the checks of development run all templates again.
  let isRendering = false
  const tools = (window as unknown as Tools).ng
  tools.ɵsetProfiler((event, instance) => {
    if (event === START_OF_RENDERING) isRendering = true
    if (event === END_OF_RENDERING) isRendering = false
    if (event !== UPDATE_OF_TEMPLATE || !isRendering) return
    // The builder may add an underscore.
    const name = names[instance?.constructor.name.replace(/^_/, '') ?? '']
    if (name) renders[name] = (renders[name] ?? 0) + 1
  })
  return renders
}
