/** Percent-encoded characters that mean the same without the encoding (RFC 3986 section 2.3). */
const UNRESERVED = /[\w.~-]/

/**
 * The path of a parsed URL in the one spelling that keys and requests are compared in (RFC 3986 section 6.2.2.2). A server decodes
 * `%70ublic` to `public`, so both must be the same here.
 *
 * @returns `undefined` if a server could read dots in the path, and so another path: `..%2F`, or `..` after a second slash.
 */
export function plainPath(pathname: string): string | undefined {
  const path = pathname.replace(/%([\da-f]{2})/gi, (encoded, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16))
    return UNRESERVED.test(character) ? character : encoded.toUpperCase()
  })
  // Some servers decode twice, decode slashes, or ignore path parameters.
  const read = path
    .replace(/%25/g, '%')
    .replace(/%(2e|2f|5c)/gi, (_encoded, hex: string) => (hex.toLowerCase() === '2e' ? '.' : '/'))
  return /\/\.{1,2}(?=[/;]|$)/.test(read) ? undefined : path
}
