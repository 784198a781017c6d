const ROUTES = ['home', 'calendar', 'mail', 'consent', 'tokens', 'renewal'] as const

export type Route = (typeof ROUTES)[number]

/** The link address of a route. */
export const hrefOf = (route: Route): string => (route === 'home' ? '#/' : `#/${route}`)

/** The route in the address. Unknown routes lead to home. */
export function currentRoute(): Route {
  const name = location.hash.replace(/^#\/?/, '')
  return ROUTES.find((route) => route === name) ?? 'home'
}

/** Calls the listener after each change of the route. */
export function onRoute(listener: (route: Route) => void): void {
  addEventListener('hashchange', () => listener(currentRoute()))
}
