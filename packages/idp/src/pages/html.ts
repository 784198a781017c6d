/** Escaped HTML. Only the template tag below creates it, so all inserted text is escaped. */
export interface Html {
  readonly html: string
}

type Part = Html | readonly Html[] | string | undefined | false

/** A template tag for HTML. It escapes inserted text, but not the output of the tag itself. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const text = strings.reduce((before, string, i) => before + render(parts[i - 1]) + string)
  return { html: text }
}

/** Marks the HTML of oidc-provider as safe. */
export const trusted = (markup: string): Html => ({ html: markup })

function render(part: Part): string {
  if (part === undefined || part === false) return ''
  if (typeof part === 'string') return escapeText(part)
  return 'html' in part ? part.html : part.map((one) => one.html).join('')
}

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
