/** The parameters of an unusable response that are no secret. */
const SAID = ['error', 'error_description', 'error_uri']

/**
 * An unusable response in the form that may be handed over, and may stand in an address: under the `state` that is awaited,
 * with the names of its parameters, and without codes and tokens.
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

/** The response in the form in which its completion gets it: without secrets if it is unusable. */
export const answerOf = ({ parameters, state, isUnusable }: ResponseInUrl): URLSearchParams =>
  isUnusable ? asUnusable(parameters, state) : parameters
