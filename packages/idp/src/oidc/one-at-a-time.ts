import type { Middleware } from '../vendor/oidc-provider.ts'

/**
 * Lets requests to `path` through one after another, as a database transaction does elsewhere.
 * Otherwise of several refreshes that arrive together none would count as a replay.
 */
export function createOneAtATime(path: string): Middleware {
  let last: Promise<unknown> = Promise.resolve()

  return function oneAtATime(context, next) {
    if (context.path !== path) return next()
    const turn = last.then(next)
    last = turn.catch(() => undefined)
    return turn
  }
}
