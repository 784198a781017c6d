/** The functions of the page that fills a cache. */
declare global {
  interface Window {
    /**
     * Stores a session with `count` access tokens. The last token has the requested scope.
     *
     * @returns The number of tokens that the library holds before it drops old tokens.
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

/** The length of a typical access token. */
export const ACCESS_TOKEN = 'token'.repeat(300)

/** A lifetime longer than the run of the bench. */
export const LIFETIME_SECONDS = 24 * 3600

/** The signed-in user. */
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

/** An unsigned token. Libraries do not verify tokens that they read from their own storage. */
export function unsignedJwt(claims: object): string {
  const encode = (value: object) =>
    btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
  return `${encode({ alg: 'none' })}.${encode(claims)}.`
}
