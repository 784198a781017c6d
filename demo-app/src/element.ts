type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

export type Child = Node | string | undefined

/**
 * Creates an element. Text goes in as text, never as HTML; an attribute that is `false` or
 * `undefined` is left out, one that is `true` is empty.
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
