import type {
  Account,
  AuthClient,
  AuthenticationResult,
  SilentRequest,
  TokenEvent,
} from '@carnet/browser'

/** Where an answer came from. */
export type TokenSource = 'cache' | 'refresh' | 'interaction' | 'hidden frame'

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
export type Question = Pick<SilentRequest, 'scopes' | 'resource'>

interface Entry {
  readonly owner: Account
  readonly ticket: Ticket
  readonly question: Question
  readonly token: string
}

export type TicketBook = ReturnType<typeof createTicketBook>

/** Remembers each answer of this page load, by account. */
export function createTicketBook(auth: AuthClient, onChange: () => void) {
  const held = new Map<number, Entry>()
  /** How the tokens came that were not in the cache. */
  const sources = new Map<string, TokenSource>()
  let lastNumber = 0

  auth.on('tokenAcquired', (event) => hear(event, 'interaction'))
  auth.on('tokenRenewed', (event) => hear(event, 'refresh'))
  auth.on('accountRemoved', ({ account }) => {
    for (const [number, { owner }] of held) if (owner.id === account.id) held.delete(number)
  })

  /** A renewal that nobody here asked for changes the ticket too. */
  function hear(event: TokenEvent, source: TokenSource): void {
    const { account, resource, scopes, expiresOn } = event
    const kind = kindOf(account, resource, scopes)
    sources.set(kind, source)
    for (const [number, entry] of held) {
      if (kindOfEntry(entry) !== kind) continue
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
    const owner = result.account
    const resource = question.resource ?? ''
    const kind = kindOf(owner, resource, result.scopes)
    const entries = [...held]
    const same = entries.find(([, { token }]) => token === result.accessToken)
    const alike = entries.find(([, entry]) => kindOfEntry(entry) === kind)
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
    held.set(number, { owner, ticket, question, token: result.accessToken })
    onChange()
  }

  /** Asks, and keeps the answer with the time that it took. */
  async function measure(
    { scopes, resource }: Question,
    ask: () => Promise<AuthenticationResult>,
    replaces?: number,
  ): Promise<AuthenticationResult> {
    const startMs = performance.now()
    const result = await ask()
    const tookMs = performance.now() - startMs
    const source = result.fromCache
      ? 'cache'
      : (sources.get(kindOf(result.account, resource ?? '', result.scopes)) ?? 'refresh')
    const question = resource === undefined ? { scopes } : { scopes, resource }
    keep(result, question, { source, tookMs }, replaces)
    return result
  }

  return {
    measure,

    /** The tickets of an account, oldest first. */
    ticketsOf: (account: Account): Ticket[] =>
      [...held.values()].filter(({ owner }) => owner.id === account.id).map(({ ticket }) => ticket),

    /** Asks for the token of a ticket once more, without the user. */
    async askAgain({ number }: Ticket, { forceRefresh = false } = {}): Promise<void> {
      const entry = held.get(number)
      if (!entry) return
      const { owner: account, question } = entry
      const request = { ...question, account, forceRefresh }
      await measure(question, () => auth.acquireTokenSilent(request), number)
    },

    /** An answer that came without having been asked for by `measure`: of a sign-in, mostly. */
    keep(result: AuthenticationResult, source: TokenSource): void {
      const scopes = [...result.scopes, ...result.declinedScopes]
      // A sign-in without scopes of an API is asked for again by the scope that every sign-in has.
      keep(result, { scopes: scopes.length > 0 ? scopes : ['openid'] }, { source })
    },
  }
}

/** Equal for the tokens that take each other's place. */
const kindOf = ({ id }: Account, resource: string, scopes: readonly string[]) =>
  JSON.stringify([id, resource, ...[...scopes].sort()])

const kindOfEntry = ({ owner, ticket }: Entry) =>
  kindOf(owner, ticket.resource, ticket.grantedScopes)
