import { button } from '../ui/button.ts'
import { element } from '../ui/element.ts'
import { section } from '../ui/section.ts'

/** The names of the entries in one kind of storage. */
type Shelf = readonly [label: string, names: readonly string[]]

/** Lists all storage that a script of this page can read. */
export function createInventory() {
  const rows = element('tbody')
  const verdict = element('p', { role: 'status' })
  const { region } = section(
    'inventory',
    'What scripts can read here',
    verdict,
    element('div', { class: 'scroller' }, element('table', {}, rows)),
    element('div', { class: 'actions' }, button('Look again', look)),
  )

  async function look(): Promise<void> {
    const shelves = await readShelves()
    const count = shelves.reduce((sum, [, names]) => sum + names.length, 0)
    verdict.textContent =
      count === 0
        ? 'Nothing: no token, and no other entry.'
        : `Entries: ${count}. This page wrote none of them.`
    rows.replaceChildren(
      ...shelves.map(([label, names]) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, label),
          names.length === 0
            ? element('td', { class: 'quiet' }, 'empty')
            : element('td', {}, element('code', {}, names.join(', '))),
        ),
      ),
    )
  }

  return { region, look }
}

async function readShelves(): Promise<readonly Shelf[]> {
  const databases = await indexedDB.databases().catch(() => [])
  const cookies = document.cookie.split('; ').filter(Boolean)
  return [
    ['Local storage', keysOf(() => localStorage)],
    ['Session storage', keysOf(() => sessionStorage)],
    ['IndexedDB', databases.map(({ name }) => name ?? 'without a name')],
    ['Cache storage', await caches.keys().catch(() => [])],
    ['Cookies', cookies.map((cookie) => cookie.split('=')[0] ?? '')],
  ]
}

/** A browser that refuses storage throws at the access. */
function keysOf(open: () => Storage): readonly string[] {
  try {
    return Object.keys(open())
  } catch {
    return []
  }
}
