import { type Account, accountKey } from '../accounts/account.ts'
import type { InteractionReason } from '../errors/interaction-required.ts'
import { formatOf } from '../records/format.ts'
import { consentRecordKey, ownerTag } from '../records/keys/record-keys.ts'
import type { RecordStore, StoreChange } from '../records/record-store.ts'
import { instant, of, optional, shape, text } from '../records/shape.ts'
import { dictionaryOf, oneOf } from '../records/shapes.ts'
import type { ScopeValues } from '../scopes/scope-values.ts'
import type { TokenQuery } from '../tokens/token-record.ts'
import { type ScopeAnswer, scopeOutcomes } from './scope-outcome.ts'

/** A scope that was refused silently is not requested again without the user for this time. */
const REFUSAL_BELIEVED_FOR_MS = 10 * 60_000

/** The outcome of the last request for a scope; see `ConsentEntry.state`. */
export type ConsentState = 'granted' | 'declined' | 'refused' | 'unknown'

/** One requested scope. */
export interface ConsentEntry {
  /** The scope in the app's spelling. */
  readonly scope: string
  /**
   * - `granted`: the provider granted the scope.
   * - `declined`: the user declined the scope.
   * - `refused`: the provider refused the scope in a request without the user.
   * - `unknown`: the response omits the scope, but the user was not asked, or the provider is known to omit granted scopes.
   *   The scope is requested again like a granted scope, and never shown as declined.
   */
  readonly state: ConsentState
  /** The reason for `refused`: `consent`, or `admin_consent` if only an administrator can consent. */
  readonly reason?: InteractionReason | undefined
  /** The time of the last request, in milliseconds since the epoch. */
  readonly requestedAtMs: number
}

/** All requested scopes of one resource. */
export interface ConsentRecord {
  /** Set for a request to another tenant that the account is not signed in to: its result is not about the account. */
  readonly authority?: string | undefined
  /** The resource of the scopes; empty if the scopes of the provider name no resource. */
  readonly resource: string
  /** The key of the request parameters that the grant is bound to (`audience`, `organization`, ...), if any. */
  readonly grantKey?: string | undefined
  /** The entries, by the key of the scope. */
  readonly entries: Readonly<Record<string, ConsentEntry>>
}

/** The scopes that users granted and declined, per account and resource. */
export interface ConsentLedger {
  /** Computes the state of each requested scope from a token response and the entries of the ledger. */
  outcomes: (query: TokenQuery, answer: ScopeAnswer) => Promise<ConsentState[]>
  /**
   * Returns the changes that record the result of a token response for the requested scopes.
   *
   * @param granted The keys of the granted scopes.
   * @param sent The keys of all scopes that were sent.
   */
  noteGrant(
    query: TokenQuery,
    granted: ScopeValues,
    sent: ScopeValues,
    how?: Omit<ScopeAnswer, 'granted' | 'sent'>,
  ): Promise<StoreChange[]>
  /** Records that the provider refuses the scopes without the user. Scopes that the user decided on keep their state. */
  noteRefusal(query: TokenQuery, reason?: InteractionReason): Promise<void>
  /** Returns the changes that record a declined consent page: every scope that was not granted before is declined. */
  noteDecline(query: TokenQuery): Promise<StoreChange[]>
  /** Removes the grants of `scopes`: the provider no longer grants all of them. */
  forgetGrants(
    account: Account,
    resource: string,
    scopes: ScopeValues,
    grantKey?: string,
  ): Promise<void>
  /** Returns the entry of each requested scope, if there is one. */
  known: (query: TokenQuery) => Promise<(ConsentEntry | undefined)[]>
  /** Returns the state of each requested scope, if there is an entry. */
  states: (query: TokenQuery) => Promise<(ConsentState | undefined)[]>
  /** Returns every record of an account. */
  entries(account: Account): Promise<ConsentRecord[]>
  /** Returns the changes that remove an account from the ledger. */
  removal: (account: Account) => StoreChange[]
}

/** Creates the consent ledger of one client over its store. */
export function createConsentLedger(
  partition: string,
  store: RecordStore,
  now: () => number,
): ConsentLedger {
  const tagOf = (account: Account) => ownerTag(partition, accountKey(account))
  const { keyOf, read, note, inState, known, outcomes, put } = createEntries(partition, store, now)

  return {
    outcomes,

    async noteGrant(
      query: TokenQuery,
      granted: ScopeValues,
      sent: ScopeValues,
      how: Omit<ScopeAnswer, 'granted' | 'sent'> = {},
    ): Promise<StoreChange[]> {
      const states = await outcomes(query, { granted, sent, ...how })
      return note(
        query,
        query.requestedScopes.map((text, index) => [text, states[index] ?? 'unknown']),
      )
    },

    async noteRefusal(query: TokenQuery, reason?: InteractionReason): Promise<void> {
      const open = await inState(query, undefined, 'refused', 'unknown')
      // The provider refuses the scopes without a grant. If all scopes were granted, the consent was revoked.
      const refused = open.length > 0 ? open : await inState(query, 'granted')
      const states = refused.map((text) => [text, 'refused'] as const)
      await store.write(await note(query, states, reason))
    },

    async noteDecline(query: TokenQuery): Promise<StoreChange[]> {
      const declined = await inState(query, undefined, 'refused', 'declined', 'unknown')
      return note(
        query,
        declined.map((text) => [text, 'declined']),
      )
    },

    async forgetGrants(
      account: Account,
      resource: string,
      scopes: ScopeValues,
      grantKey?: string,
    ): Promise<void> {
      const consentKey = { owner: account, resource, grantKey }
      const known = Object.entries(await read(consentKey))
      const left = known.filter(
        ([, { scope, state }]) => !scopes.includes(scope) || state !== 'granted',
      )
      const change = put(consentKey, Object.fromEntries(left))
      await store.write([change], { collection: 'consents', key: keyOf(consentKey) })
    },

    known,

    states: async (query: TokenQuery): Promise<(ConsentState | undefined)[]> =>
      (await known(query)).map((entry) => entry?.state),

    async entries(account: Account): Promise<ConsentRecord[]> {
      const stored = await store.find('consents', tagOf(account))
      return stored
        .flatMap(({ value }) => consentFormat.read(value) ?? [])
        .filter(({ authority }) => authority === undefined)
    },

    removal: (account: Account): StoreChange[] => [
      { type: 'deleteTagged', collection: 'consents', tag: tagOf(account) },
    ],
  }
}

/** Reads and changes the entries of scopes. */
function createEntries(partition: string, store: RecordStore, now: () => number) {
  const keyOf = ({ owner, resource, authority, grantKey }: ConsentKey) =>
    consentRecordKey(partition, accountKey(owner), resource, authority, grantKey)

  async function read(consentKey: ConsentKey): Promise<ConsentRecord['entries']> {
    const stored = await store.get('consents', keyOf(consentKey))
    return consentFormat.read(stored?.value)?.entries ?? {}
  }

  async function note(
    query: TokenQuery,
    states: readonly (readonly [scope: string, state: ConsentState])[],
    reason?: InteractionReason,
  ): Promise<StoreChange[]> {
    if (states.length === 0) return []
    const entries = await read(query)
    const requestedAtMs = now()
    const noted = states.map(([scope, state]): [string, ConsentEntry] => [
      query.dialect.scopeKey(scope),
      { scope, state, reason, requestedAtMs },
    ])
    return [put(query, { ...entries, ...Object.fromEntries(noted) })]
  }

  /** The scopes of a query with one of the states. */
  async function inState(query: TokenQuery, ...states: (ConsentState | undefined)[]) {
    const entries = await read(query)
    return query.requestedScopes.filter((text) =>
      states.includes(entries[query.dialect.scopeKey(text)]?.state),
    )
  }

  /** The entry of each scope of a query. Old refusals do not count. */
  async function known(query: TokenQuery): Promise<(ConsentEntry | undefined)[]> {
    const entries = await read(query)
    return query.requestedScopes.map((text) => {
      const entry = entries[query.dialect.scopeKey(text)]
      const ageMs = now() - (entry?.requestedAtMs ?? 0)
      // An entry from the future was written before the clock was set back.
      const isOld = ageMs < 0 || ageMs > REFUSAL_BELIEVED_FOR_MS
      return entry?.state === 'refused' && isOld ? undefined : entry
    })
  }

  /** The outcome of each scope of a query; see `scopeOutcomes`. */
  async function outcomes(query: TokenQuery, answer: ScopeAnswer): Promise<ConsentState[]> {
    const entries = await read(query)
    const before = query.requestedScopes.map((text) => entries[query.dialect.scopeKey(text)]?.state)
    const isListed = Object.values(entries).some(({ state }) => state === 'granted')
    return scopeOutcomes(query, answer, before, isListed)
  }

  const put = (consentKey: ConsentKey, entries: ConsentRecord['entries']): StoreChange => {
    const { owner, resource, authority, grantKey } = consentKey
    const tags = [ownerTag(partition, accountKey(owner))]
    const key = keyOf(consentKey)
    const value = consentFormat.write({ resource, authority, grantKey, entries })
    const record = { key, tags, expiresAtMs: Number.MAX_SAFE_INTEGER, value }
    return { type: 'put', collection: 'consents', record }
  }

  return { keyOf, read, note, inState, known, outcomes, put }
}

type ConsentKey = Pick<TokenQuery, 'owner' | 'resource' | 'authority' | 'grantKey'>

const consentFormat = formatOf<ConsentRecord>(
  1,
  shape<ConsentRecord>({
    authority: optional(text),
    resource: text,
    grantKey: optional(text),
    entries: dictionaryOf(
      of(
        shape<ConsentEntry>({
          scope: text,
          state: oneOf('granted', 'declined', 'refused', 'unknown'),
          reason: oneOf(undefined, 'consent', 'admin_consent'),
          requestedAtMs: instant,
        }),
      ),
    ),
  }),
)
