import type { Figures, Summary } from '../figures/figures.ts'
import type { Library } from '../figures/libraries.ts'

/** One condition for all libraries, or one condition for each library. */
export type Condition = string | Partial<Record<Library, string>>

/** Finds the summary of a figure, if it was measured. */
export function lookUp(
  figures: Figures,
  figure: string,
  condition: Condition,
  library: Library,
): Summary | undefined {
  const own = typeof condition === 'string' ? condition : condition[library]
  return own === undefined ? undefined : figures[figure]?.[own]?.[library]
}
