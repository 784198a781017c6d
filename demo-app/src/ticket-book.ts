import type {
  Account,
  AcquireTokenRequest,
  AuthClient,
  AuthenticationResult,
  SilentRequest,
  TokenEvent,
} from '@carnet/browser'
import { sameAccount } from './same-account.ts'

/** Where an answer came from. */
export type TokenSource = 'cache' | 'refresh' | 'interaction'

/** What the page shows of an access token: everything but the token. */
export interface Ticket {
  readonly number: number
  /** Empty where the request named none. */
  readonly resource: string
  readonly grantedScopes: readonly string[]
  readonly declinedScopes: readonly string[]
  readonly tokenType: string
  readonly tokenLength: number
  readonly expiresAtMs: number
  /** What was left of the lifetime when this page first saw the token. */
  readonly lifetimeMs: number
  readonly source: TokenSource
  /** How long the answer took; absent where nobody waited for it. */
  readonly tookMs?: number
  readonly correlationId: string
}

/** What a token was asked for: enough to ask for it again. */
type Question = Pick<SilentRequest, 'scopes' | 'resource'>

/** Asks the client for the tokens of one account and remembers each answer of this page load. */
export function createTicketBook(auth: AuthClient, account: Account, onChange: () => void) {
  const held = new Map<number, { ticket: Ticket; question: Question; token: string }>()
  let lastNumber = 0
  let freshSource: TokenSource = 'refresh'

  const stops = [
    auth.on('tokenAcquired', (event) => hear(event, 'interaction')),
    auth.on('tokenRenewed', (event) => hear(event, 'refresh')),
  ]

  /** A renewal that nobody here asked for changes the ticket too. */
  function hear({ account: owner, resource, scopes, expiresOn }: TokenEvent, source: TokenSource) {
    if (!sameAccount(owner, account)) return
    freshSource = source
    for (const [number, entry] of held) {
      if (entry.ticket.resource !== resource) continue
      if (!isSameSet(entry.ticket.grantedScopes, scopes)) continue
      const expiresAtMs = expiresOn.getTime()
      const lifetimeMs = expiresAtMs - Date.now()
      held.set(number, { ...entry, ticket: { ...entry.ticket, source, expiresAtMs, lifetimeMs } })
    }
    onChange()
  }

  function keep(
    result: AuthenticationResult,
    question: Question,
    how: { source: TokenSource; tookMs?: number },
    replaces?: number,
  ): void {
    const entries = [...held]
    const same = entries.find(([, { token }]) => token === result.accessToken)
    const resource = question.resource ?? ''
    const alike = entries.find(
      ([, { ticket }]) =>
        ticket.resource === resource && isSameSet(ticket.grantedScopes, result.scopes),
    )
    const number = same?.[0] ?? replaces ?? alike?.[0] ?? ++lastNumber
    const expiresAtMs = result.expiresOn.getTime()
    const ticket: Ticket = {
      number,
      resource,
      grantedScopes: result.scopes,
      declinedScopes: result.declinedScopes,
      tokenType: result.tokenType,
      tokenLength: result.accessToken.length,
      expiresAtMs,
      lifetimeMs: same?.[1].ticket.lifetimeMs ?? expiresAtMs - Date.now(),
      ...how,
      correlationId: result.correlationId,
    }
    held.set(number, { ticket, question, token: result.accessToken })
    onChange()
  }

  async function measure(
    question: Question,
    ask: () => Promise<AuthenticationResult>,
    replaces?: number,
  ): Promise<AuthenticationResult> {
    const startMs = performance.now()
    const result = await ask()
    const tookMs = performance.now() - startMs
    const source = result.fromCache ? 'cache' : freshSource
    keep(result, question, { source, tookMs }, replaces)
    return result
  }

  return {
    /** Newest first. */
    tickets: (): Ticket[] => [...held.values()].map(({ ticket }) => ticket).reverse(),

    /** The pattern for apps: silently where possible, else by way of the provider. */
    acquire: (request: AcquireTokenRequest) =>
      measure(questionOf(request), () => auth.acquireToken({ ...request, account })),

    /** Asks for the token of a ticket once more, without the user. */
    async askAgain({ number }: Ticket, { forceRefresh = false } = {}): Promise<void> {
      const entry = held.get(number)
      if (!entry) return
      const request = { ...entry.question, account, forceRefresh }
      await measure(entry.question, () => auth.acquireTokenSilent(request), number)
    },

    /** The answer that came with this page load. */
    keepRedirectResult(result: AuthenticationResult): void {
      const scopes = [...result.scopes, ...result.declinedScopes]
      // A sign-in without scopes of an API is asked for again by the scope that every sign-in has.
      keep(result, { scopes: scopes.length > 0 ? scopes : ['openid'] }, { source: 'interaction' })
    },

    close(): void {
      for (const stop of stops) stop()
    },
  }
}

const questionOf = ({ scopes, resource }: Question): Question =>
  resource === undefined ? { scopes } : { scopes, resource }

const isSameSet = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((item) => b.includes(item))
