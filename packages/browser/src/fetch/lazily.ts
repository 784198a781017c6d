/** Loads a part once; after a failure the next call tries again. */
export function lazily<T>(load: () => Promise<T>): () => Promise<T> {
  let part: Promise<T> | undefined
  return () => {
    part ??= load().catch((error) => {
      part = undefined
      throw error
    })
    return part
  }
}
