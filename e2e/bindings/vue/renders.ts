import type { App, ComponentPublicInstance } from 'vue'

/** The renders of the component that reads a token (`Token`), and of all others (`Nav`). */
export const renders: Record<string, number> = {}

function count(this: ComponentPublicInstance): void {
  const id = this.$options.__name === 'Profile' ? 'Token' : 'Nav'
  renders[id] = (renders[id] ?? 0) + 1
}

export const countRenders = (app: App): App => app.mixin({ mounted: count, updated: count })
