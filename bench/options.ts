import { parseArgs } from 'node:util'

/** How the bench is to run. */
export interface Options {
  /** Few rounds, for trying. */
  readonly quick: boolean
  /** One measure only; then nothing is written. */
  readonly only: string | undefined
  /** Whether the results replace those of the last run. Default for a whole run. */
  readonly write: boolean
}

/** Reads the arguments. @throws When there is one that is not known. */
export function parseOptions(args: string[], names: readonly string[]): Options {
  const boolean = { type: 'boolean' } as const
  const { values } = parseArgs({
    args,
    options: { quick: boolean, write: boolean, only: { type: 'string' } },
  })
  const { quick = false, only } = values
  if (only !== undefined && !names.includes(only))
    throw new Error(`--only: one of ${names.join(', ')}`)
  if (only !== undefined && values.write) throw new Error('--write: takes a run of all measures')
  return { quick, only, write: values.write ?? (!quick && only === undefined) }
}
