import type { Route } from '@playwright/test'

/** Holds the requests of a route of Playwright until the story releases them. */
export function holdRequests() {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  return {
    release,
    /** The handler for `page.route`. */
    async hold(route: Route): Promise<void> {
      await released
      // The page may have aborted the request, or may be closed.
      await route.continue().catch(() => undefined)
    },
  }
}
