/**
 * All text that is reachable from `value`: strings, keys, messages, stacks, causes and own properties, including hidden
 * properties. Tests check that it contains no secret.
 */
export function allTextOf(value: unknown): string {
  const seen = new Set<unknown>()
  const texts: string[] = []

  function visit(part: unknown): void {
    if (typeof part === 'string') texts.push(part)
    if (typeof part !== 'object' || part === null || seen.has(part)) return
    seen.add(part)
    texts.push(String(part), asJson(part))
    for (const name of Reflect.ownKeys(part)) {
      texts.push(String(name))
      visit(Reflect.get(part, name))
    }
    if (part instanceof Map || part instanceof URLSearchParams || part instanceof Headers)
      for (const entry of part) visit(entry)
  }

  visit(value)
  return texts.join('\n')
}

function asJson(value: object): string {
  try {
    return JSON.stringify(value) ?? ''
  } catch {
    return ''
  }
}
