/** Text that is HTML already. Only the tag below makes it, so nothing gets in unescaped. */
export interface Html {
  readonly html: string
}

type Part = Html | readonly Html[] | string | undefined | false

/** A template of HTML. What is put in is escaped, unless it came out of this tag itself. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const text = strings.reduce((before, string, i) => before + render(parts[i - 1]) + string)
  return { html: text }
}

/** For what oidc-provider has rendered. */
export const trusted = (markup: string): Html => ({ html: markup })

function render(part: Part): string {
  if (part === undefined || part === false) return ''
  if (typeof part === 'string') return escapeText(part)
  return 'html' in part ? part.html : part.map((one) => one.html).join('')
}

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
