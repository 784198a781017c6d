/** What the page that fills a cache offers to the bench. */
declare global {
  interface Window {
    /**
     * Signs somebody in with `count` access tokens of other scopes, the one that is asked for being the last.
     *
     * @returns How many the library holds: it stops where one more would displace another.
     */
    fill(count: number): Promise<number>
  }
}

import { API_SCOPE } from './setting.ts'

/** The scopes of the tokens of a session. */
export const scopesOf = (count: number): string[] => [
  ...Array.from({ length: count - 1 }, (_, index) => `bench.scope.${index}`),
  API_SCOPE,
]

/** As long as what providers in the wild issue. */
export const ACCESS_TOKEN = 'token'.repeat(300)

/** For longer than the bench runs. */
export const LIFETIME_SECONDS = 24 * 3600

/** Who is signed in. */
export const claimsOf = (issuer: string, audience: string) => {
  const iat = Math.floor(Date.now() / 1000)
  return {
    iss: issuer,
    sub: 'alice',
    aud: audience,
    iat,
    exp: iat + LIFETIME_SECONDS,
    name: 'Alice Adams',
    preferred_username: 'alice@example.com',
  }
}

/** Not signed: libraries do not verify what they have stored themselves. */
export function unsignedJwt(claims: object): string {
  const encode = (value: object) =>
    btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
  return `${encode({ alg: 'none' })}.${encode(claims)}.`
}
