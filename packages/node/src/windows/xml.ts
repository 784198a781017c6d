import type { SaxesParser, SaxesTagNS } from 'saxes'
import { peerMissing } from './peer-missing.ts'

/** An element of an XML document, with its place in the text. */
export interface XmlElement {
  /** The local name. */
  readonly name: string
  /** The URI of the namespace; empty for an element without one. */
  readonly namespace: string
  readonly attributes: readonly XmlAttribute[]
  readonly children: readonly XmlElement[]
  /** The text directly in the element, without surrounding white space. */
  readonly text: string
  /** The offset of the first character of the element. */
  readonly start: number
  /** The offset behind the last character of the element. */
  readonly end: number
  /** The namespaces that the element declares, by prefix. */
  readonly declared: Readonly<Record<string, string>>
  /** The namespaces that its ancestors declare, by prefix. */
  readonly inherited: Readonly<Record<string, string>>
}

export interface XmlAttribute {
  readonly name: string
  readonly namespace: string
  readonly value: string
}

/** A text that is no acceptable XML document. The message never quotes the text. */
export class XmlProblem extends Error {
  override readonly name = 'XmlProblem'
}

/** The metadata of AD FS has a depth of about 20 and some thousand elements. */
const DEEPEST = 64
const MOST_ELEMENTS = 50_000
const MOST_ATTRIBUTES = 100
/** The namespaces that one element may inherit. Its ancestors and siblings may declare the same ones again. */
const MOST_IN_SCOPE = 100
const MOST_CHARACTERS = 1024 * 1024

/** `saxes` loads at the first use: only this sign-in needs it. */
async function loadSaxes(): Promise<typeof import('saxes')> {
  try {
    return await import('saxes')
  } catch (cause) {
    throw peerMissing('saxes', cause)
  }
}

/**
 * Reads an XML 1.0 document with namespaces. A document type, an entity besides the five of XML, another encoding than UTF-8,
 * and sizes beyond the limits are refused, so that no document costs more than its length.
 *
 * @throws XmlProblem if the document is refused.
 * @throws AuthError `kerberos_unavailable` if the package `saxes` is not installed.
 */
export async function readXml(text: string): Promise<XmlElement> {
  if (text.length > MOST_CHARACTERS) throw new XmlProblem('The document is too long.')
  const { SaxesParser: Parser } = await loadSaxes()
  const parser = new Parser({ xmlns: true })
  return build(parser, text)
}

type Open = Omit<XmlElement, 'end' | 'text' | 'children'> & {
  readonly children: XmlElement[]
  readonly texts: string[]
  /** The namespaces of the children. */
  readonly inScope: Readonly<Record<string, string>>
}

function build(parser: SaxesParser<{ xmlns: true }>, text: string): XmlElement {
  const open: Open[] = []
  let root: XmlElement | undefined
  let start = 0
  let count = 0

  parser.on('error', () => {
    throw new XmlProblem('The document is not well-formed.')
  })
  parser.on('doctype', () => {
    throw new XmlProblem('The document has a document type.')
  })
  parser.on('xmldecl', ({ encoding = 'utf-8' }) => {
    if (encoding.toLowerCase() !== 'utf-8') throw new XmlProblem('The document is not in UTF-8.')
  })
  parser.on('opentagstart', () => {
    // No name contains "<", so the last one begins the tag.
    start = text.lastIndexOf('<', parser.position - 1)
  })
  parser.on('opentag', (tag) => {
    count += 1
    if (count > MOST_ELEMENTS) throw new XmlProblem('The document has too many elements.')
    if (open.length >= DEEPEST) throw new XmlProblem('The document is nested too deeply.')
    const element = begun(tag, start, open.at(-1))
    if (Object.keys(element.inScope).length > MOST_IN_SCOPE)
      throw new XmlProblem('Too many namespaces are declared.')
    open.push(element)
  })
  const note = (part: string) => open.at(-1)?.texts.push(part)
  parser.on('text', note)
  parser.on('cdata', note)
  parser.on('closetag', () => {
    const done = open.pop()
    if (!done) return
    const { texts, inScope: _, ...rest } = done
    const element = { ...rest, text: texts.join('').trim(), end: parser.position }
    const parent = open.at(-1)
    if (parent) parent.children.push(element)
    else root = element
  })
  parser.write(text).close()
  if (!root) throw new XmlProblem('The document is empty.')
  return root
}

function begun(tag: SaxesTagNS, start: number, parent: Open | undefined): Open {
  const attributes = Object.values(tag.attributes)
  if (attributes.length > MOST_ATTRIBUTES) throw new XmlProblem('A tag has too many attributes.')
  const declared = { ...tag.ns }
  const inherited = parent?.inScope ?? {}
  return {
    name: tag.local,
    namespace: tag.uri,
    attributes: attributes.map(({ local, uri, value }) => ({ name: local, namespace: uri, value })),
    children: [],
    texts: [],
    start,
    declared,
    inherited,
    inScope: Object.keys(declared).length === 0 ? inherited : { ...inherited, ...declared },
  }
}

/** The element itself and all elements in it, in the order of the document. */
export function* elementsOf(element: XmlElement): Generator<XmlElement> {
  yield element
  for (const child of element.children) yield* elementsOf(child)
}

/** All elements of a name in an element. */
export const findAll = (element: XmlElement, namespace: string, name: string): XmlElement[] =>
  [...elementsOf(element)].filter((one) => one.name === name && one.namespace === namespace)

/** The first element of a name in an element. */
export const findOne = (
  element: XmlElement,
  namespace: string,
  name: string,
): XmlElement | undefined => findAll(element, namespace, name)[0]

/** The value of an attribute; empty if the element has none. */
export const attributeOf = (element: XmlElement, name: string, namespace = ''): string =>
  element.attributes.find((one) => one.name === name && one.namespace === namespace)?.value ?? ''

/**
 * An element as a document of its own: the unchanged text of the element. Namespaces that it uses and an ancestor declares
 * are added to its start tag, as exclusive canonicalization of a signature requires.
 */
export function outerXml(element: XmlElement, text: string): string {
  const own = text.slice(element.start, element.end)
  const missing = Object.entries(element.inherited).filter(
    ([prefix, uri]) =>
      uri !== '' && !Object.hasOwn(element.declared, prefix) && uses(element, own, prefix),
  )
  if (missing.length === 0) return own
  const [name = ''] = /^<[^\s/>]+/.exec(own) ?? []
  const added = missing.map(
    ([prefix, uri]) => ` ${prefix === '' ? 'xmlns' : `xmlns:${prefix}`}="${escapeXml(uri)}"`,
  )
  return name + added.join('') + own.slice(name.length)
}

/** True if a part may use the namespace of a prefix. The values of attributes and texts hold qualified names too. */
const uses = (element: XmlElement, own: string, prefix: string): boolean =>
  prefix === ''
    ? hasUnprefixed(element, own)
    : new RegExp(`(?<![\\w.:-])${escaped(prefix)}:`, 'u').test(own)

/** A prefix as part of a pattern: a name may contain dots. */
const escaped = (prefix: string) => prefix.replaceAll('.', '\\.')

/** True if an element, or an element in it, has no prefix. Such an element belongs to the default namespace. */
const hasUnprefixed = (element: XmlElement, own: string): boolean =>
  [...elementsOf(element)].some((one) => {
    const [tag = ''] = /^<[^\s/>]+/.exec(own.slice(one.start - element.start)) ?? []
    return !tag.includes(':')
  })

/** Escapes a text for the content or an attribute of XML. */
export const escapeXml = (text: string): string =>
  text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`)
