import { createHash } from 'node:crypto'
import { type Html, html, trusted } from './html.ts'
import { style } from './style.ts'

/**
 * Allows only the style sheet. `form-action` is missing because it would also block the redirect to the
 * client after a form.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  'img-src data:',
  "base-uri 'none'",
].join('; ')

export function layout(title: string, content: Html): string {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<style>${trusted(style)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${content}
</main>
<footer>Carnet identity provider, for development and tests</footer>
</body>
</html>
`.html
}
