import { SaxesParser } from 'saxes'

/** The texts and attributes of a document, by `{namespace}name`. */
export interface XmlNames {
  /** The text of the first element of a name; empty if there is none. */
  text(namespace: string, name: string): string
  /** An attribute of the first element of a name; empty if there is none. */
  attribute(namespace: string, name: string, attribute: string): string
}

/** Reads the names of an XML document. @throws If the document is not well-formed, or has a document type. */
export function readXml(document: string): XmlNames {
  const texts = new Map<string, string>()
  const attributes = new Map<string, string>()
  const open: string[] = []
  const parser = new SaxesParser({ xmlns: true })
  parser.on('error', (error) => {
    throw error
  })
  parser.on('doctype', () => {
    throw new Error('A document type is not allowed.')
  })
  parser.on('opentag', ({ uri, local, attributes: own }) => {
    const name = `{${uri}}${local}`
    open.push(texts.has(name) ? '' : name)
    if (texts.has(name)) return
    texts.set(name, '')
    for (const one of Object.values(own)) attributes.set(`${name} ${one.local}`, one.value)
  })
  parser.on('text', (part) => {
    const name = open.at(-1)
    if (name) texts.set(name, `${texts.get(name)}${part}`)
  })
  parser.on('closetag', () => void open.pop())
  parser.write(document).close()
  return {
    text: (namespace, name) => (texts.get(`{${namespace}}${name}`) ?? '').trim(),
    attribute: (namespace, name, attribute) =>
      attributes.get(`{${namespace}}${name} ${attribute}`) ?? '',
  }
}

/** Escapes a text for XML. */
export const escapeXml = (text: string): string =>
  text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`)
