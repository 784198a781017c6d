/**
 * State that all copies of the library on one page share: a script tag beside a bundle, micro frontends, several versions.
 * Each copy has its own module variables. So this state is on the global object, under one symbol of the global symbol
 * registry for each part and client: `carnet|<part>|<mark of the client>`.
 *
 * The number of a part is the version of its protocol. A part with a new shape gets a new number, so that copies of different
 * versions never misread each other. Another script may write any value there: readers check values, and ignore invalid
 * values.
 */
type Part =
  /** An `Arrival`, see `startup/response.ts`. */
  | 'arrival1'
  /** The results of responses by their `state`, see `flows/interaction/complete-redirect.ts`. */
  | 'completed1'
  /** The function `enqueue` of the interaction queue, see `flows/authorization/queue.ts`. */
  | 'queue1'
  /** True while a client leaves the page by redirect, see `flows/redirect/leave.ts`. */
  | 'leaving1'
  /** A promise that settles when the library of an open popup is loaded, see `client.ts`. */
  | 'window1'

const keyOf = (part: Part, mark: string) => Symbol.for(`carnet|${part}|${mark}`)

export const sharedOnPage = (part: Part, mark: string): unknown =>
  Reflect.get(globalThis, keyOf(part, mark))

/** Shares a value. Returns false if the global object is frozen; then each copy works alone. */
export const shareOnPage = (part: Part, mark: string, value: unknown): boolean =>
  Reflect.set(globalThis, keyOf(part, mark), value)
