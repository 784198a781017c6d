type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

export type Child = Node | string | undefined

/**
 * Creates an element. The function inserts text as text, never as HTML. It omits an attribute with the
 * value `false` or `undefined`. An attribute with the value `true` is empty.
 */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const created = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue
    created.setAttribute(name, value === true ? '' : String(value))
  }
  created.append(...children.filter((child) => child !== undefined))
  return created
}
