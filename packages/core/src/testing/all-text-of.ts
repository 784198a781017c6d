/**
 * Every text that can be reached from `value`: strings, keys, messages, stacks, causes, own
 * properties, hidden ones included. What must stay secret must not be part of it.
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
