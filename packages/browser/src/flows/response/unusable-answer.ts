/** The parameters of an unusable response without secrets. */
const SAID = ['error', 'error_description', 'error_uri']

/**
 * An unusable response in a form that may be delivered, and may be in a URL: with the awaited `state` and the names of its
 * parameters, but without codes and tokens.
 *
 * @param awaited The `state` that the tab waits for.
 */
import type { ResponseInUrl } from '../../startup/response.ts'
export function asUnusable(parameters: URLSearchParams, awaited: string): URLSearchParams {
  const told = new URLSearchParams({ state: awaited, unusable: [...parameters.keys()].join(' ') })
  for (const name of SAID) {
    const said = parameters.get(name)
    if (said !== null) told.set(name, said)
  }
  return told
}

/** The response for its completion: without secrets if it is unusable. */
export const answerOf = ({ parameters, state, isUnusable }: ResponseInUrl): URLSearchParams =>
  isUnusable ? asUnusable(parameters, state) : parameters
