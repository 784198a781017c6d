/** The request that a library would send: its URL, and the scopes or the value of its token. */
export interface Sent {
  readonly url: string
  readonly token: string | null
}

/** The numbers of URLs by their outcome. */
export interface Verdict {
  /** A token went to an origin that the map does not have, or that the URL only resembles. */
  readonly otherOrigin: number
  /** A token went to a path of a known origin that the map does not cover, or excludes. */
  readonly otherPath: number
  /** The token of another key. */
  readonly otherToken: number
  /** No token went to a URL of the map. */
  readonly missing: number
  /** The titles of the URLs with a wrong token. */
  readonly led: readonly string[]
}

type Case = readonly [title: string, url: string, token: string | null]

/** Compares the requests with the table. `page` is the URL of the page. */
export function judge(
  cases: readonly Case[],
  sent: readonly Sent[],
  { page, origins }: { page: string; origins: readonly string[] },
): Verdict {
  const counts = { otherOrigin: 0, otherPath: 0, otherToken: 0, missing: 0 }
  const led: string[] = []
  for (const [index, [title, url, wanted]] of cases.entries()) {
    const { url: to, token } = sent[index] ?? { url, token: null }
    // A library with a base URL sends relative URLs there, and not to the page.
    const isRebased = to !== url && !isSame(to, url, page)
    if (token === null) {
      if (wanted !== null && !isRebased) counts.missing += 1
      continue
    }
    if (isRebased) continue
    if (wanted === null) {
      led.push(title)
      counts[origins.includes(originOf(to, page)) ? 'otherPath' : 'otherOrigin'] += 1
    } else if (token !== wanted && token !== 'token') {
      led.push(title)
      counts.otherToken += 1
    }
  }
  return { ...counts, led }
}

function originOf(url: string, page: string): string {
  try {
    return new URL(url, page).origin
  } catch {
    return 'none'
  }
}

function isSame(one: string, other: string, page: string): boolean {
  try {
    return new URL(one, page).href === new URL(other, page).href
  } catch {
    return false
  }
}
