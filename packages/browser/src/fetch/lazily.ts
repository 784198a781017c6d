/**
 * Loads a part once; after a failure the next call tries again. `platform/lazily.ts` does more, but it is in the file of the engine:
 * these calls load before the engine, and a module that both share would be one more file for each signed-in page.
 */
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
