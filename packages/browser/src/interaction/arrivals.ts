import type { AuthenticationResult } from '../result.ts'

/** Responses that this page is completing, by the mark of their client. */
const arrivals = new Map<string, Promise<AuthenticationResult | null>>()

/**
 * A second client of the page, made while the first completes the response in the address (React's
 * StrictMode does so), waits for it and tells the same.
 */
export const arrivalOf = (mark: string) => arrivals.get(mark)

export function noteArrival(mark: string, result: Promise<AuthenticationResult | null>): void {
  arrivals.set(mark, result)
  const forget = () => {
    if (arrivals.get(mark) === result) arrivals.delete(mark)
  }
  result.then(forget, forget)
}
