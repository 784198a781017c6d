import { type Account, accountKey } from '../accounts/account.ts'
import { scopeKey } from '../dialects/token-scopes.ts'
import type { InteractionReason } from '../errors/interaction-required.ts'
import { formatOf } from '../records/format.ts'
import { consentRecordKey, ownerTag } from '../records/record-keys.ts'
import type { RecordStore, StoreChange } from '../records/record-store.ts'
import { instant, of, optional, shape, text } from '../records/shape.ts'
import { dictionaryOf, oneOf } from '../records/shapes.ts'
import type { ScopeValues } from '../scopes/scope-values.ts'
import type { TokenQuery } from '../tokens/token-record.ts'
import { type ScopeAnswer, scopeOutcomes } from './scope-outcome.ts'

/** For how long a scope that silence was refused for is not tried again without the user. */
const REFUSAL_BELIEVED_FOR_MS = 10 * 60_000

/** What became of a scope when it was last asked for. */
export type ConsentState = 'granted' | 'declined' | 'refused' | 'unknown'

/** One scope that was asked for. */
export interface ConsentEntry {
  /** As the app spelt it. */
  readonly scope: string
  /**
   * `granted`; `declined` by the user; `refused` by the provider without the user being asked; or `unknown` where the
   * provider does not say: it left the scope out of an answer in which the user was not asked, or out of one that is
   * known to omit granted scopes. An unknown scope is asked for again as a granted one is, and never shown as declined.
   */
  readonly state: ConsentState
  /** Why it was `refused`: `consent`, or `admin_consent` where only an administrator can agree. */
  readonly reason?: InteractionReason | undefined
  readonly requestedAtMs: number
}

/** All that was asked for one resource. */
export interface ConsentRecord {
  /** Another tenant that was asked, where it does not know the account here yet: what it says is not of the account. */
  readonly authority?: string | undefined
  /** Empty where the provider's scopes name no resource. */
  readonly resource: string
  /** Names the request parameters that the grant is bound to (`audience`, `organization`, ...), where there were some. */
  readonly grantKey?: string | undefined
  /** By the key of the scope. */
  readonly entries: Readonly<Record<string, ConsentEntry>>
}

/** The scopes that users granted and declined, per account and resource. */
export interface ConsentLedger {
  /** The state of each wanted scope, by a grant and by the entries of the ledger. */
  outcomes: (query: TokenQuery, answer: ScopeAnswer) => Promise<ConsentState[]>
  /**
   * The changes that write down what a grant said of the scopes that were asked for.
   *
   * @param granted Keys of what was granted.
   * @param sent Keys of all that was sent.
   */
  noteGrant(
    query: TokenQuery,
    granted: ScopeValues,
    sent: ScopeValues,
    how?: Omit<ScopeAnswer, 'granted' | 'sent'>,
  ): Promise<StoreChange[]>
  /** Writes down that the provider refuses what the user has not decided on, unless the user is asked. */
  noteRefusal(query: TokenQuery, reason?: InteractionReason): Promise<void>
  /** The changes that write down that the user declined a page as a whole: all that was not granted before. */
  noteDecline(query: TokenQuery): Promise<StoreChange[]>
  /** Forgets that `scopes` were granted: the provider does not know all of them any more. */
  forgetGrants(
    account: Account,
    resource: string,
    scopes: ScopeValues,
    grantKey?: string,
  ): Promise<void>
  /** The entry of each wanted scope, if the ledger has one. */
  known: (query: TokenQuery) => Promise<(ConsentEntry | undefined)[]>
  /** The same, the states alone. */
  states: (query: TokenQuery) => Promise<(ConsentState | undefined)[]>
  /** Every record of an account. */
  entries(account: Account): Promise<ConsentRecord[]>
  /** The changes that forget an account. */
  removal: (account: Account) => StoreChange[]
}

/** What was asked, granted and declined, per account and resource; so that nobody is asked twice in silence. */
export function createConsentLedger(
  partition: string,
  store: RecordStore,
  now: () => number,
): ConsentLedger {
  const tagOf = (account: Account) => ownerTag(partition, accountKey(account))
  const keyOf = ({ owner, resource, authority, grantKey }: Shelf) =>
    consentRecordKey(partition, accountKey(owner), resource, authority, grantKey)

  async function read(shelf: Shelf): Promise<ConsentRecord['entries']> {
    const stored = await store.get('consents', keyOf(shelf))
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
      scopeKey(scope, query.profile),
      { scope, state, reason, requestedAtMs },
    ])
    return [put(query, { ...entries, ...Object.fromEntries(noted) })]
  }

  /** Of the scopes of a question, those that stand so. */
  async function those(query: TokenQuery, ...states: (ConsentState | undefined)[]) {
    const entries = await read(query)
    return query.texts.filter((text) =>
      states.includes(entries[scopeKey(text, query.profile)]?.state),
    )
  }

  /** What is known of each scope of a question; a refusal that is old is forgotten. */
  async function known(query: TokenQuery): Promise<(ConsentEntry | undefined)[]> {
    const entries = await read(query)
    return query.texts.map((text) => {
      const entry = entries[scopeKey(text, query.profile)]
      const ageMs = now() - (entry?.requestedAtMs ?? 0)
      // One from the future was noted by a clock that has since been set back.
      const isOld = ageMs < 0 || ageMs > REFUSAL_BELIEVED_FOR_MS
      return entry?.state === 'refused' && isOld ? undefined : entry
    })
  }

  /** The outcome of each scope of a question (see `scopeOutcomes`). */
  async function outcomes(query: TokenQuery, answer: ScopeAnswer): Promise<ConsentState[]> {
    const entries = await read(query)
    const before = query.texts.map((text) => entries[scopeKey(text, query.profile)]?.state)
    const isListed = Object.values(entries).some(({ state }) => state === 'granted')
    return scopeOutcomes(query, answer, before, isListed)
  }

  const put = (shelf: Shelf, entries: ConsentRecord['entries']): StoreChange => {
    const { owner, resource, authority, grantKey } = shelf
    const tags = [tagOf(owner)]
    const key = keyOf(shelf)
    const value = consentFormat.write({ resource, authority, grantKey, entries })
    const record = { key, tags, expiresAtMs: Number.MAX_SAFE_INTEGER, value }
    return { type: 'put', collection: 'consents', record }
  }

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
        query.texts.map((text, index) => [text, states[index] ?? 'unknown']),
      )
    },

    async noteRefusal(query: TokenQuery, reason?: InteractionReason): Promise<void> {
      const open = await those(query, undefined, 'refused', 'unknown')
      // Where all was granted, the consent was taken back: with something new among it, that is what is refused.
      const refused = open.length > 0 ? open : await those(query, 'granted')
      const states = refused.map((text) => [text, 'refused'] as const)
      await store.write(await note(query, states, reason))
    },

    async noteDecline(query: TokenQuery): Promise<StoreChange[]> {
      const declined = await those(query, undefined, 'refused', 'declined', 'unknown')
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
      const shelf = { owner: account, resource, grantKey }
      const known = Object.entries(await read(shelf))
      const left = known.filter(
        ([, { scope, state }]) => !scopes.includes(scope) || state !== 'granted',
      )
      const change = put(shelf, Object.fromEntries(left))
      await store.write([change], { collection: 'consents', key: keyOf(shelf) })
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

type Shelf = Pick<TokenQuery, 'owner' | 'resource' | 'authority' | 'grantKey'>

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
