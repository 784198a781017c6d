import { parseArgs } from 'node:util'

/** The options of the bench. */
export interface Options {
  /** Runs few rounds, for a trial. */
  readonly quick: boolean
  /** Runs one measure only, and writes nothing, except for `node` and `urls`. */
  readonly only: string | undefined
  /** True if the results replace the last results. Default for a full run. */
  readonly write: boolean
}

/** Parses the arguments. @throws For an unknown argument. */
export function parseOptions(args: string[], names: readonly string[]): Options {
  const boolean = { type: 'boolean' } as const
  const { values } = parseArgs({
    args,
    options: { quick: boolean, write: boolean, only: { type: 'string' } },
  })
  const { quick = false, only } = values
  if (only !== undefined && !names.includes(only))
    throw new Error(`--only: must be one of ${names.join(', ')}`)
  // The services and the URL table have parts of their own in the results.
  const isWhole = only === undefined || only === 'node' || only === 'urls'
  if (!isWhole && values.write) throw new Error('--write: needs a run of all measures')
  return { quick, only, write: values.write ?? (!quick && isWhole) }
}
