/** The address of the page, as a router would hold it. */
export const at = $state({ path: location.pathname, search: location.search })

export function go(href: string): void {
  history.pushState(null, '', href)
  read()
}

function read(): void {
  at.path = location.pathname
  at.search = location.search
}

addEventListener('popstate', read)
