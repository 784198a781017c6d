import type { Middleware } from '../vendor/oidc-provider.ts'

/**
 * Processes the requests to `path` one after another, like a database transaction.
 * Otherwise the provider would not detect a replay among concurrent refreshes.
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
