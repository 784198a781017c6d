/** The renders of components, by React's profiler. */
export const renders: Record<string, number> = {}

export const count = (id: string) => Object.assign(renders, { [id]: (renders[id] ?? 0) + 1 })
