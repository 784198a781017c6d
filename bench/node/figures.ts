import type { ServiceLibrary } from './services.ts'

/** A figure of a run, in the form of the other results: here of one sample, or of the median of many. */
export interface Figure {
  readonly median: number
  readonly low: number
  readonly high: number
  readonly samples: number
}

/** By measure, aspect and library. `floor` is the least that the hardware needs. */
export type ServiceFigures = Record<
  string,
  Record<string, Partial<Record<ServiceLibrary | 'floor', Figure>>>
>

/** Collects figures. */
export interface Notes {
  note(
    measure: string,
    aspect: string,
    library: ServiceLibrary | 'floor',
    ...values: number[]
  ): void
  readonly figures: ServiceFigures
}

export function createNotes(): Notes {
  const figures: ServiceFigures = {}
  return {
    figures,
    note(measure, aspect, library, ...values) {
      const sorted = [...values].sort((a, b) => a - b)
      const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))] ?? 0
      const rounded = (value: number) => Number(value.toPrecision(4))
      figures[measure] ??= {}
      figures[measure][aspect] ??= {}
      figures[measure][aspect][library] = {
        median: rounded(at(0.5)),
        low: rounded(at(0.05)),
        high: rounded(at(0.95)),
        samples: sorted.length,
      }
    },
  }
}
