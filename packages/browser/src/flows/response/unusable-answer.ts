import type { ResponseInUrl } from '../../startup/response.ts'

/** The parameters of an unusable response without secrets. */
const ERROR_PARAMETERS = ['error', 'error_description', 'error_uri']

/**
 * Converts an unusable response for the waiting page. The result may be in a URL: it has the awaited `state` and the names of
 * the parameters, but no codes and tokens.
 *
 * @param awaited The `state` that the tab waits for.
 */
export function asUnusable(parameters: URLSearchParams, awaited: string): URLSearchParams {
  const answer = new URLSearchParams({ state: awaited, unusable: [...parameters.keys()].join(' ') })
  for (const name of ERROR_PARAMETERS) {
    const value = parameters.get(name)
    if (value !== null) answer.set(name, value)
  }
  return answer
}

/** The response for its completion: without secrets if it is unusable. */
export const answerOf = ({ parameters, state, isUnusable }: ResponseInUrl): URLSearchParams =>
  isUnusable ? asUnusable(parameters, state) : parameters
