const ROUTES = ['home', 'calendar', 'mail', 'consent', 'tokens', 'renewal'] as const

export type Route = (typeof ROUTES)[number]

/** The address of a route, for links. */
export const hrefOf = (route: Route): string => (route === 'home' ? '#/' : `#/${route}`)

/** The route in the address; what is unknown leads home. */
export function currentRoute(): Route {
  const name = location.hash.replace(/^#\/?/, '')
  return ROUTES.find((route) => route === name) ?? 'home'
}

/** Calls back each time the user goes to another route. */
export function onRoute(listener: (route: Route) => void): void {
  addEventListener('hashchange', () => listener(currentRoute()))
}
