import type { Library } from './libraries.ts'
import { quantile } from './pages/quantile.ts'

/** What became of the samples of one figure, of one library, under one condition. */
export interface Summary {
  readonly median: number
  /** The quartiles: how sure the median is. */
  readonly low: number
  readonly high: number
  readonly samples: number
}

/** By figure, then by condition, then by library. */
export type Figures = Record<string, Record<string, Partial<Record<Library, Summary>>>>

/** Where measures put what they have seen. */
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

/** Four digits are more than any of these figures is worth. */
const rounded = (value: number) => Number(value.toPrecision(4))
