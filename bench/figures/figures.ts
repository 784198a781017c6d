import type { Library } from './libraries.ts'
import { quantile } from './quantile.ts'

/** The summary of the samples of one figure, library and condition. */
export interface Summary {
  readonly median: number
  /** The quartiles, which show the spread. */
  readonly low: number
  readonly high: number
  readonly samples: number
}

/** The summaries by figure, condition and library. */
export type Figures = Record<string, Record<string, Partial<Record<Library, Summary>>>>

/** Collects the samples of the measures. */
export interface Samples {
  add(figure: string, condition: string, library: Library, value: number): void
  summarize(): Figures
}

export function createSamples(): Samples {
  const values = new Map<string, number[]>()
  return {
    add(figure, condition, library, value) {
      const key = JSON.stringify([figure, condition, library])
      values.set(key, [...(values.get(key) ?? []), value])
    },
    summarize() {
      const figures: Figures = {}
      for (const [key, seen] of values) {
        const [figure = '', condition = '', library = ''] = JSON.parse(key)
        figures[figure] = {
          ...figures[figure],
          [condition]: { ...figures[figure]?.[condition], [library]: summarize(seen) },
        }
      }
      return figures
    },
  }
}

const summarize = (values: readonly number[]): Summary => ({
  median: rounded(quantile(values, 0.5)),
  low: rounded(quantile(values, 0.25)),
  high: rounded(quantile(values, 0.75)),
  samples: values.length,
})

/** Rounds to four digits, because no figure is more precise. */
const rounded = (value: number) => Number(value.toPrecision(4))
