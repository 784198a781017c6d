import type {
  Account,
  AuthClient,
  AuthenticationResult,
  SilentRequest,
  TokenEvent,
} from '@carnet/browser'

/** The source of a token. */
export type TokenSource = 'cache' | 'refresh' | 'interaction' | 'hidden iframe'

/** The visible data of an access token, without the token itself. */
export interface Ticket {
  readonly number: number
  /** Empty if the request had no `resource`. */
  readonly resource: string
  readonly grantedScopes: readonly string[]
  readonly declinedScopes: readonly string[]
  readonly tokenType: string
  readonly tokenLength: number
  readonly expiresAtMs: number
  /** The remaining lifetime when this page first got the token. */
  readonly lifetimeMs: number
  readonly source: TokenSource
  /** The duration of the call; absent for a token without a measured call. */
  readonly tookMs?: number
  readonly correlationId: string
}

/** The part of a request that a repeated request needs. */
export type Question = Pick<SilentRequest, 'scopes' | 'resource'>

interface Entry {
  readonly owner: Account
  readonly ticket: Ticket
  readonly question: Question
  readonly token: string
}

export type TicketBook = ReturnType<typeof createTicketBook>

/** Keeps the results of this page load, by account. */
export function createTicketBook(auth: AuthClient, onChange: () => void) {
  const held = new Map<number, Entry>()
  /** The sources of tokens that were not cached. */
  const sources = new Map<string, TokenSource>()
  let lastNumber = 0

  auth.on('tokenAcquired', (event) => hear(event, 'interaction'))
  auth.on('tokenRenewed', (event) => hear(event, 'refresh'))
  auth.on('accountRemoved', ({ account }) => removeEntriesOf(account, held))

  /** Updates the tickets after a renewal in the background or in another tab. */
  function hear(event: TokenEvent, source: TokenSource): void {
    const { account, resource, scopes, expiresOn } = event
    const kind = kindOf(account, resource, scopes)
    sources.set(kind, source)
    for (const [number, entry] of held) {
      if (kindOfEntry(entry) !== kind) continue
      held.set(number, { ...entry, ticket: renewedTicket(entry.ticket, expiresOn, source) })
    }
    onChange()
  }

  function keep(
    result: AuthenticationResult,
    question: Question,
    how: { source: TokenSource; tookMs?: number },
    replaces?: number,
  ): void {
    const { account: owner } = result
    const resource = question.resource ?? ''
    const kind = kindOf(owner, resource, result.scopes)
    const entries = [...held]
    const same = entries.find(([, { token }]) => token === result.accessToken)
    const alike = entries.find(([, entry]) => kindOfEntry(entry) === kind)
    const number = same?.[0] ?? replaces ?? alike?.[0] ?? ++lastNumber
    const lifetimeMs = same?.[1].ticket.lifetimeMs ?? result.expiresOn.getTime() - Date.now()
    const ticket = { ...ticketFields(result), number, resource, lifetimeMs, ...how }
    held.set(number, { owner, ticket, question, token: result.accessToken })
    onChange()
  }

  /** Runs a call, and keeps its result and its duration. */
  async function measure(
    { scopes, resource }: Question,
    ask: () => Promise<AuthenticationResult>,
    replaces?: number,
  ): Promise<AuthenticationResult> {
    const { result, tookMs } = await timed(ask)
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

    /** Acquires the token of a ticket again, silently. */
    async askAgain({ number }: Ticket, { forceRefresh = false } = {}): Promise<void> {
      const entry = held.get(number)
      if (!entry) return
      const { owner: account, question } = entry
      const ask = () => auth.acquireTokenSilent({ ...question, account, forceRefresh })
      await measure(question, ask, number)
    },

    /** Keeps a result that did not come from `measure`, usually of a sign-in. */
    keep(result: AuthenticationResult, source: TokenSource): void {
      const scopes = [...result.scopes, ...result.declinedScopes]
      // To repeat a sign-in without scopes of an API, request the scope `openid`.
      keep(result, { scopes: scopes.length > 0 ? scopes : ['openid'] }, { source })
    },
  }
}

/** The fields of a ticket that its result contains. */
const ticketFields = (result: AuthenticationResult) => ({
  grantedScopes: result.scopes,
  declinedScopes: result.declinedScopes,
  tokenType: result.tokenType,
  tokenLength: result.accessToken.length,
  expiresAtMs: result.expiresOn.getTime(),
  correlationId: result.correlationId,
})

function renewedTicket(ticket: Ticket, expiresOn: Date, source: TokenSource): Ticket {
  const expiresAtMs = expiresOn.getTime()
  return { ...ticket, source, expiresAtMs, lifetimeMs: expiresAtMs - Date.now() }
}

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; tookMs: number }> {
  const startMs = performance.now()
  const result = await work()
  return { result, tookMs: performance.now() - startMs }
}

function removeEntriesOf({ id }: Account, held: Map<number, Entry>): void {
  for (const [number, { owner }] of held) if (owner.id === id) held.delete(number)
}

/** The key of a token. A new token replaces an old token with the same key. */
const kindOf = ({ id }: Account, resource: string, scopes: readonly string[]) =>
  JSON.stringify([id, resource, ...[...scopes].sort()])

const kindOfEntry = ({ owner, ticket }: Entry) =>
  kindOf(owner, ticket.resource, ticket.grantedScopes)
