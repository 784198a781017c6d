/** Formats numbers with three digits and a suitable unit. */
export const microseconds = (value: number): string =>
  value < 1000 ? `${digits(value)} µs` : `${digits(value / 1000)} ms`

export const milliseconds = (value: number): string => `${digits(value)} ms`

export const bytes = (value: number): string => `${digits(value / 1000)} kB`

export const times = (value: number): string => `${digits(value)}×`

/** Formats a median of counts, which may be between two integers. */
export const count = (value: number): string =>
  value.toLocaleString('en', { maximumFractionDigits: 1 })

export function digits(value: number): string {
  const size = Math.abs(value)
  const places = size >= 100 ? 0 : size >= 10 ? 1 : 2
  return value.toLocaleString('en', { minimumFractionDigits: 0, maximumFractionDigits: places })
}
