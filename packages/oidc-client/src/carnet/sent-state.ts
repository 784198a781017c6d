/** The part of a request that decides about its token: a renewal repeats it, and the cache finds the token by it. */
export interface TokenTerms {
  readonly scopes: readonly string[]
  readonly resource?: string | undefined
  readonly extraParameters?: Readonly<Record<string, string>> | undefined
  readonly tokenParameters?: Readonly<Record<string, string>> | undefined
}

/** The values of a sign-in that come back with its response. Carnet keeps them as the `state` of the app. */
export interface SentState {
  /** The `state` of the app: any JSON value. */
  readonly data?: unknown
  readonly url_state?: string | undefined
  readonly terms?: TokenTerms | undefined
}

export const toAppState = (sent: SentState): string => JSON.stringify(sent)

/** Reads the values from the `state` of a result or of an error. */
export function fromAppState(text: string | undefined): SentState {
  return text === undefined ? {} : (JSON.parse(text) as SentState)
}

/** The kinds of a `state` of Carnet. */
export type StateKind = 'redirect' | 'popup' | 'iframe' | 'signOut'

const LETTERS: Readonly<Record<string, StateKind>> = {
  r: 'redirect',
  p: 'popup',
  i: 'iframe',
  o: 'signOut',
}

/** The kind of the request that a `state` belongs to; `undefined` for the `state` of another library. */
export const kindOfState = (state: string): StateKind | undefined =>
  LETTERS[/^carnet-\w{8}-(\w)\./.exec(state)?.[1] ?? '']
