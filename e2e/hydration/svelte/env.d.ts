declare module '*.svelte' {
  import type { Component } from 'svelte'

  // biome-ignore lint/suspicious/noExplicitAny: The compiler of TypeScript does not know the properties of a component.
  const component: Component<any>
  export default component
}
