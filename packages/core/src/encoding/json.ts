/** Parses `text` as a JSON object; `undefined` if it is anything else. */
export function parseJsonObject(text: string): Record<string, unknown> | undefined {
  try {
    return /^\s*\{/.test(text) ? JSON.parse(text) : undefined
  } catch {
    return undefined
  }
}
